#include "cases.h"
#include "sparse_pattern.h"

namespace driver {
namespace {

// The sums of dz x^power, compared with what a kernel made; unused entries must be zero.
void compare(Report& report, const char* what, const SparseCase& sparse, const std::vector<float>& dz,
             const std::vector<float>& x, int power, const std::vector<float>& got) {
    const LayerSize& size = sparse.size;
    for (int r = 0; r < sparse.members; r++) {
        const size_t fromZ = static_cast<size_t>(r) * size.outputs * size.batch;
        const size_t fromX = static_cast<size_t>(r) * size.inputs * size.batch;
        for (int o = 0; o < size.outputs; o++) {
            for (int k = sparse.starts(r, o); k < sparse.starts(r, o + 1); k++) {
                double sum = 0, absolute = 0;
                for (int b = 0; b < size.batch; b++) {
                    const double input = x[fromX + static_cast<size_t>(sparse.column(r, k)) * size.batch + b];
                    const double term = dz[fromZ + static_cast<size_t>(o) * size.batch + b] * std::pow(input, power);
                    sum += term;
                    absolute += std::fabs(term);
                }
                report.close(what, sparse.at(r, k), got[sparse.at(r, k)], sum, sumBound(size.batch, absolute));
            }
        }
        for (int k = sparse.starts(r, size.outputs); k < sparse.capacity; k++) {
            report.close(what, sparse.at(r, k), got[sparse.at(r, k)], 0, 0);
        }
    }
}

// What a member has of an array of (R, capacity), without the unused end.
std::vector<float> used(const SparseCase& sparse, const std::vector<float>& all) {
    return firstMember(all, static_cast<size_t>(sparse.starts(0, sparse.size.outputs)));
}

// The operands of all three kernels.
struct Operands {
    explicit Operands(const SparseCase& sparse)
        : dz(sparse.poisoned(sparse.size.outputs, 2)),
          x(sparse.poisoned(sparse.size.inputs, 3)),
          rowStarts(sparse.rowStarts),
          columns(sparse.columns),
          gradient(dz),
          input(x) {}

    std::vector<float> dz, x;
    Array<int32_t> rowStarts, columns;
    Array<float> gradient, input;
};

}  // namespace

void sparseWeightGradient(Report& report) {
    forSparseCases([&](const LayerSize& size, Kind kind) {
        std::vector<float> alone;
        for (int members : MEMBERS) {
            const SparseCase sparse(members, size, kind);
            report.begin("R=%d O=%d I=%d B=%d %s", members, size.outputs, size.inputs, size.batch, sparse.kind());
            Operands on(sparse);
            Array<float> dvalues(sparse.columns.size());
            report.launched(espalier_sparse_weight_gradient(members, size.outputs, size.inputs, size.batch, sparse.capacity,
                                                            on.rowStarts, on.columns, on.gradient, on.input, dvalues, nullptr));
            const std::vector<float> got = dvalues.values();
            compare(report, "dvalues", sparse, on.dz, on.x, 1, got);
            if (members == 1) {
                alone = used(sparse, got);
            }
            report.same("dvalues of member 0", used(sparse, got), alone);
        }
    });
    report.begin("bad sizes");
    report.refused(espalier_sparse_weight_gradient(1, 1, 0, 1, 1, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr));
}

void sparseWeightCurvature(Report& report) {
    forSparseCases([&](const LayerSize& size, Kind kind) {
        std::vector<float> alone;
        for (int members : MEMBERS) {
            const SparseCase sparse(members, size, kind);
            report.begin("R=%d O=%d I=%d B=%d %s", members, size.outputs, size.inputs, size.batch, sparse.kind());
            Operands on(sparse);
            const std::vector<float> hz = sparse.poisoned(size.outputs, 4);
            const size_t count = sparse.columns.size();
            Array<float> curvature(hz), dvalues(count), both(count), hvalues(count), only(count);
            report.launched(espalier_sparse_weight_curvature(members, size.outputs, size.inputs, size.batch, sparse.capacity,
                                                             on.rowStarts, on.columns, on.gradient, curvature, on.input, both,
                                                             hvalues, nullptr));
            const std::vector<float> got = hvalues.values();
            compare(report, "hvalues", sparse, hz, on.x, 2, got);
            report.launched(espalier_sparse_weight_gradient(members, size.outputs, size.inputs, size.batch, sparse.capacity,
                                                            on.rowStarts, on.columns, on.gradient, on.input, dvalues, nullptr));
            report.same("dvalues with hvalues", both.values(), dvalues.values());
            report.launched(espalier_sparse_weight_curvature(members, size.outputs, size.inputs, size.batch, sparse.capacity,
                                                             on.rowStarts, on.columns, nullptr, curvature, on.input, nullptr,
                                                             only, nullptr));
            report.same("hvalues alone", only.values(), got);
            if (members == 1) {
                alone = used(sparse, got);
            }
            report.same("hvalues of member 0", used(sparse, got), alone);
        }
    });
    report.begin("dvalues without dz");
    float* const some = reinterpret_cast<float*>(16);
    report.refused(espalier_sparse_weight_curvature(1, 1, 1, 1, 1, nullptr, nullptr, nullptr, nullptr, nullptr, some, nullptr,
                                                    nullptr));
}

void sparseWeightStep(Report& report) {
    forSparseCases([&](const LayerSize& size, Kind kind) {
        for (int members : MEMBERS) {
            const SparseCase sparse(members, size, kind);
            report.begin("R=%d O=%d I=%d B=%d %s", members, size.outputs, size.inputs, size.batch, sparse.kind());
            Operands on(sparse);
            std::vector<float> w = sparse.values(5);
            std::vector<float> v = sparse.values(6);
            // sign(0) is 0.
            w[0] = sparse.starts(0, size.outputs) > 0 ? 0 : w[0];
            std::vector<float> lr, m, l1, l2;
            for (int r = 0; r < members; r++) {
                lr.push_back(0.1f + 0.05f * r);
                m.push_back(0.9f - 0.3f * r);
                l1.push_back(0.01f * r);
                l2.push_back(0.02f - 0.01f * r);
            }
            Array<float> dvalues(w.size()), values(w), velocity(v), learningRate(lr), momentum(m), first(l1), second(l2);
            report.launched(espalier_sparse_weight_gradient(members, size.outputs, size.inputs, size.batch, sparse.capacity,
                                                            on.rowStarts, on.columns, on.gradient, on.input, dvalues, nullptr));
            report.launched(espalier_sparse_weight_step(members, size.outputs, size.inputs, size.batch, sparse.capacity,
                                                        on.rowStarts, on.columns, on.gradient, on.input, values, velocity,
                                                        learningRate, momentum, first, second, nullptr));
            const std::vector<float> g = dvalues.values();
            for (int r = 0; r < members; r++) {
                for (int k = 0; k < sparse.capacity; k++) {
                    const size_t at = sparse.at(r, k);
                    if (k < sparse.starts(r, size.outputs)) {
                        const float sign = static_cast<float>((w[at] > 0) - (w[at] < 0));
                        v[at] = std::fma(m[r], v[at], std::fma(l1[r], sign, std::fma(l2[r], w[at], g[at])));
                        w[at] = std::fma(-lr[r], v[at], w[at]);
                    } else {
                        w[at] = v[at] = 0;
                    }
                }
            }
            report.same("values", values.values(), w);
            report.same("velocity", velocity.values(), v);
        }
    });
    report.begin("bad sizes");
    report.refused(espalier_sparse_weight_step(1, 1, 1, 1, 0, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr,
                                               nullptr, nullptr, nullptr, nullptr));
}

}  // namespace driver
