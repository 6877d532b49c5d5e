#include "cases.h"

namespace driver {

void magnitude(Report& report) {
    for (int members : MEMBERS) {
        for (int elements : {1, 4, 31, 1023, 1024, 1028, 2049}) {
            report.begin("R=%d n=%d", members, elements);
            Random random(static_cast<uint64_t>(elements));
            std::vector<float> w = random.reals(static_cast<size_t>(members) * elements);
            w[0] = -0.0f;
            Array<float> input(w);
            Array<float> out(w.size());
            report.launched(espalier_magnitude(members, elements, input, out, nullptr));
            for (float& value : w) {
                value = std::fabs(value);
            }
            report.same("out", out.values(), w);
        }
    }
    report.begin("no members");
    report.refused(espalier_magnitude(0, 1, nullptr, nullptr, nullptr));
}

}  // namespace driver
