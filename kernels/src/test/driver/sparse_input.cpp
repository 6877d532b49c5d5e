#include "cases.h"
#include "sparse_pattern.h"

namespace driver {
namespace {

// The sums of w^power dz, compared with what a kernel made.
void compare(Report& report, const char* what, const SparseCase& sparse, const std::vector<float>& w,
             const std::vector<float>& dz, int power, const std::vector<float>& got) {
    const LayerSize& size = sparse.size;
    for (int r = 0; r < sparse.members; r++) {
        const size_t from = static_cast<size_t>(r) * size.outputs * size.batch;
        const size_t to = static_cast<size_t>(r) * size.inputs * size.batch;
        std::vector<double> sum(static_cast<size_t>(size.inputs) * size.batch), absolute(sum.size());
        std::vector<int> terms(size.inputs);
        for (int o = 0; o < size.outputs; o++) {
            for (int k = sparse.starts(r, o); k < sparse.starts(r, o + 1); k++) {
                const double weight = std::pow(double(w[sparse.at(r, k)]), power);
                const int i = sparse.column(r, k);
                terms[i]++;
                for (int b = 0; b < size.batch; b++) {
                    const double term = weight * dz[from + static_cast<size_t>(o) * size.batch + b];
                    sum[static_cast<size_t>(i) * size.batch + b] += term;
                    absolute[static_cast<size_t>(i) * size.batch + b] += std::fabs(term);
                }
            }
        }
        for (size_t at = 0; at < sum.size(); at++) {
            report.close(what, to + at, got[to + at], sum[at], sumBound(terms[at / size.batch], absolute[at]));
        }
    }
}

}  // namespace

void sparseInputGradient(Report& report) {
    forSparseCases([&](const LayerSize& size, Kind kind) {
        const size_t perMember = static_cast<size_t>(size.inputs) * size.batch;
        std::vector<float> alone;
        for (int members : MEMBERS) {
            const SparseCase sparse(members, size, kind);
            report.begin("R=%d O=%d I=%d B=%d %s", members, size.outputs, size.inputs, size.batch, sparse.kind());
            const std::vector<float> w = sparse.values(1);
            const std::vector<float> dz = sparse.poisoned(size.outputs, 2);
            Array<int32_t> columnStarts(sparse.columnStarts), rows(sparse.rows), order(sparse.order);
            Array<float> values(w), gradient(dz), dx(members * perMember);
            report.launched(espalier_sparse_input_gradient(members, size.outputs, size.inputs, size.batch, sparse.capacity,
                                                           columnStarts, rows, order, values, gradient, dx, nullptr));
            const std::vector<float> got = dx.values();
            compare(report, "dx", sparse, w, dz, 1, got);
            if (members == 1) {
                alone = got;
            }
            report.same("dx of member 0", firstMember(got, perMember), alone);
        }
    });
    report.begin("bad sizes");
    report.refused(espalier_sparse_input_gradient(1, 0, 1, 1, 1, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr));
}

void sparseInputCurvature(Report& report) {
    forSparseCases([&](const LayerSize& size, Kind kind) {
        const size_t perMember = static_cast<size_t>(size.inputs) * size.batch;
        std::vector<float> alone;
        for (int members : MEMBERS) {
            const SparseCase sparse(members, size, kind);
            report.begin("R=%d O=%d I=%d B=%d %s", members, size.outputs, size.inputs, size.batch, sparse.kind());
            const std::vector<float> w = sparse.values(1);
            const std::vector<float> dz = sparse.poisoned(size.outputs, 2);
            const std::vector<float> hz = sparse.poisoned(size.outputs, 3);
            Array<int32_t> columnStarts(sparse.columnStarts), rows(sparse.rows), order(sparse.order);
            Array<float> values(w), gradient(dz), curvature(hz);
            Array<float> dx(members * perMember), both(members * perMember), hx(members * perMember), only(members * perMember);
            report.launched(espalier_sparse_input_curvature(members, size.outputs, size.inputs, size.batch, sparse.capacity,
                                                            columnStarts, rows, order, values, gradient, curvature, both, hx,
                                                            nullptr));
            const std::vector<float> got = hx.values();
            compare(report, "hx", sparse, w, hz, 2, got);
            report.launched(espalier_sparse_input_gradient(members, size.outputs, size.inputs, size.batch, sparse.capacity,
                                                           columnStarts, rows, order, values, gradient, dx, nullptr));
            report.same("dx with hx", both.values(), dx.values());
            report.launched(espalier_sparse_input_curvature(members, size.outputs, size.inputs, size.batch, sparse.capacity,
                                                            columnStarts, rows, order, values, nullptr, curvature, nullptr,
                                                            only, nullptr));
            report.same("hx alone", only.values(), got);
            if (members == 1) {
                alone = got;
            }
            report.same("hx of member 0", firstMember(got, perMember), alone);
        }
    });
    report.begin("dz without dx");
    const float* const some = reinterpret_cast<const float*>(16);
    report.refused(espalier_sparse_input_curvature(1, 1, 1, 1, 1, nullptr, nullptr, nullptr, nullptr, some, nullptr, nullptr,
                                                   nullptr, nullptr));
}

}  // namespace driver
