#include "cases.h"
#include "products.h"

namespace driver {

void combine(Report& report) {
    struct Factors {
        float a, b;
    };
    for (const Factors& factors : {Factors{1, 1}, Factors{0.1f, 0.9f}, Factors{-2, 1}}) {
        for (int elements : {1, 31, 1000, 1028}) {
            FirstMember first;
            for (int members : MEMBERS) {
                report.begin("R=%d n=%d %g %g", members, elements, factors.a, factors.b);
                const std::vector<float> x = contents(1, members, elements);
                const std::vector<float> y = contents(2, members, elements);
                Array<float> others(x), sums(y);
                report.launched(espalier_combine(members, elements, factors.a, others, factors.b, sums, nullptr));
                const std::vector<float> got = sums.values();
                for (size_t i = 0; i < x.size(); i++) {
                    const double left = double(factors.a) * x[i];
                    const double right = double(factors.b) * y[i];
                    report.close("y", i, got[i], left + right, 2 * UNIT_ROUNDOFF * (std::fabs(left) + std::fabs(right)));
                }
                first.check(report, "first y", got, members);
            }
        }
    }
    report.begin("bad sizes");
    report.refused(espalier_combine(0, 1, 1, nullptr, 1, nullptr, nullptr));
    report.refused(espalier_combine(65536, 1, 1, nullptr, 1, nullptr, nullptr));
    report.refused(espalier_combine(1, 0, 1, nullptr, 1, nullptr, nullptr));
}

}  // namespace driver
