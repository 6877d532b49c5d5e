#include "cases.h"

namespace driver {

void applyMask(Report& report) {
    for (int members : MEMBERS) {
        for (int elements : {1, 4, 31, 1023, 1024, 1028, 2049}) {
            for (double density : {0.0, 0.3, 1.0}) {
                report.begin("R=%d n=%d density=%g", members, elements, density);
                Random random(static_cast<uint64_t>(elements));
                const size_t size = static_cast<size_t>(members) * elements;
                const std::vector<uint8_t> mask = random.bytes(size, density);
                std::vector<float> x = random.reals(size);
                // What is pruned may be anything.
                for (size_t i = 0; i < size; i += 3) {
                    x[i] = mask[i] != 0 ? x[i] : NAN;
                }
                Array<float> values(x);
                report.launched(espalier_apply_mask(members, elements, values, Array<uint8_t>(mask), nullptr));
                for (size_t i = 0; i < size; i++) {
                    x[i] = mask[i] != 0 ? x[i] : 0;
                }
                report.same("x", values.values(), x);
            }
        }
    }
    report.begin("no elements");
    report.refused(espalier_apply_mask(1, 0, nullptr, nullptr, nullptr));
}

}  // namespace driver
