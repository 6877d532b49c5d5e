#include "cases.h"
#include "sparse_pattern.h"

namespace driver {

void sparseLinear(Report& report) {
    forSparseCases([&](const LayerSize& size, Kind kind) {
        const size_t perMember = static_cast<size_t>(size.outputs) * size.batch;
        std::vector<float> alone;
        for (int members : MEMBERS) {
            const SparseCase sparse(members, size, kind);
            report.begin("R=%d O=%d I=%d B=%d %s", members, size.outputs, size.inputs, size.batch, sparse.kind());
            const std::vector<float> w = sparse.values(1);
            const std::vector<float> x = sparse.poisoned(size.inputs, 2);
            Array<int32_t> rowStarts(sparse.rowStarts), columns(sparse.columns);
            Array<float> values(w), input(x), z(members * perMember);
            report.launched(espalier_sparse_linear(members, size.outputs, size.inputs, size.batch, sparse.capacity, rowStarts,
                                                   columns, values, input, z, nullptr));
            const std::vector<float> got = z.values();
            for (int r = 0; r < members; r++) {
                const float* const own = &x[static_cast<size_t>(r) * size.inputs * size.batch];
                for (int o = 0; o < size.outputs; o++) {
                    for (int b = 0; b < size.batch; b++) {
                        double sum = 0, absolute = 0;
                        for (int k = sparse.starts(r, o); k < sparse.starts(r, o + 1); k++) {
                            const double term = double(w[sparse.at(r, k)]) * own[sparse.column(r, k) * size.batch + b];
                            sum += term;
                            absolute += std::fabs(term);
                        }
                        const size_t at = r * perMember + static_cast<size_t>(o) * size.batch + b;
                        report.close("z", at, got[at], sum, sumBound(sparse.starts(r, o + 1) - sparse.starts(r, o), absolute));
                    }
                }
            }
            if (members == 1) {
                alone = got;
            }
            report.same("z of member 0", firstMember(got, perMember), alone);
        }
    });
    report.begin("bad sizes");
    report.refused(espalier_sparse_linear(0, 1, 1, 1, 1, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr));
    report.refused(espalier_sparse_linear(65536, 1, 1, 1, 1, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr));
    report.refused(espalier_sparse_linear(1, 1, 1, 0, 1, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr));
    report.refused(espalier_sparse_linear(1, 1, 1, 1, 0, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr));
}

}  // namespace driver
