#include "cases.h"

namespace driver {

void fill(Report& report) {
    for (int members : MEMBERS) {
        for (int elements : {1, 4, 31, 1023, 1024, 1028, 2049}) {
            for (float value : {0.0f, -0.75f}) {
                report.begin("R=%d n=%d value=%g", members, elements, value);
                const size_t size = static_cast<size_t>(members) * elements;
                Array<float> out(size);
                report.launched(espalier_fill(members, elements, value, out, nullptr));
                report.same("out", out.values(), std::vector<float>(size, value));
            }
        }
    }
    report.begin("no elements");
    report.refused(espalier_fill(1, 0, 1, nullptr, nullptr));
}

}  // namespace driver
