#include "buckets.h"
#include "cases.h"

namespace driver {

void reduceToBuckets(Report& report) {
    for (const BucketCase& size : BUCKET_CASES) {
        std::vector<float> alone;
        for (int members : MEMBERS) {
            report.begin("R=%d n=%d K=%d crowd=%d", members, size.elements, size.capacity, size.crowd);
            const Inverse inverse(members, size, entries(members, size));
            Random random(static_cast<uint64_t>(size.elements));
            const std::vector<float> g = random.reals(inverse.positions.size());
            Array<float> gradient(g), out(static_cast<size_t>(members) * size.capacity);
            Array<int32_t> starts(inverse.starts);
            Array<uint32_t> positions(inverse.positions);
            report.launched(espalier_reduce_to_buckets(members, size.elements, size.capacity, gradient, starts, positions, out,
                                                       nullptr));
            std::vector<float> got = out.values();
            for (int r = 0; r < members; r++) {
                const size_t from = static_cast<size_t>(r) * size.elements;
                for (int k = 0; k < size.capacity; k++) {
                    const int32_t* const bounds = &inverse.starts[static_cast<size_t>(r) * (size.capacity + 1) + k];
                    double sum = 0, absolute = 0;
                    for (int p = bounds[0]; p < bounds[1]; p++) {
                        const uint32_t position = inverse.positions[from + p];
                        const double term = g[from + (position & 0x7fffffff)];
                        sum += position >> 31 ? -term : term;
                        absolute += std::fabs(term);
                    }
                    const size_t at = static_cast<size_t>(r) * size.capacity + k;
                    report.close("out", at, got[at], sum, sumBound(bounds[1] - bounds[0], absolute));
                }
            }
            got.resize(size.capacity);
            if (members == 1) {
                alone = got;
            }
            report.same("out of member 0", got, alone);
        }
    }
    report.begin("no members");
    report.refused(espalier_reduce_to_buckets(0, 1, 1, nullptr, nullptr, nullptr, nullptr, nullptr));
}

}  // namespace driver
