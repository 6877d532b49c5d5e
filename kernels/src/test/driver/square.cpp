#include "cases.h"

namespace driver {

void square(Report& report) {
    const float scale = 0.7f;
    for (int members : MEMBERS) {
        for (int elements : {1, 31, 257, 1000}) {
            report.begin("R=%d n=%d", members, elements);
            Random random(static_cast<uint64_t>(elements));
            const std::vector<float> x = random.reals(static_cast<size_t>(members) * elements);
            Array<float> input(x);
            Array<float> out(x.size());
            report.launched(espalier_square(members, elements, scale, input, out, nullptr));
            const std::vector<float> got = out.values();
            for (size_t i = 0; i < x.size(); i++) {
                const double expected = double(scale) * x[i] * x[i];
                report.close("out", i, got[i], expected, 3 * UNIT_ROUNDOFF * std::fabs(expected));
            }
        }
    }
    report.begin("no elements");
    report.refused(espalier_square(1, 0, scale, nullptr, nullptr, nullptr));
}

}  // namespace driver
