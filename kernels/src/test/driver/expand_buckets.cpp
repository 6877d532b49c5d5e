#include "cases.h"

namespace driver {

void expandBuckets(Report& report) {
    for (int members : MEMBERS) {
        for (int elements : {1, 3, 4, 31, 32, 33, 128, 1003, 1028, 2052}) {
            for (int capacity : {1, 2, 97, 4096}) {
                report.begin("R=%d n=%d K=%d", members, elements, capacity);
                Random random(static_cast<uint64_t>(elements + capacity));
                const std::vector<float> pool = random.reals(static_cast<size_t>(members) * capacity);
                const std::vector<int32_t> entries = random.ints(static_cast<size_t>(members) * elements, 2 * capacity);
                Array<float> values(pool), out(entries.size());
                Array<int32_t> index(entries);
                report.launched(espalier_expand_buckets(members, elements, capacity, values, index, out, nullptr));
                std::vector<float> expected(entries.size());
                for (size_t e = 0; e < entries.size(); e++) {
                    const float value = pool[e / elements * capacity + entries[e] / 2];
                    expected[e] = entries[e] % 2 == 0 ? value : -value;
                }
                report.same("out", out.values(), expected);
            }
        }
    }
    report.begin("no buckets");
    report.refused(espalier_expand_buckets(1, 1, 0, nullptr, nullptr, nullptr, nullptr));
}

}  // namespace driver
