#include "products.h"

#include "cases.h"

namespace driver {

void biasGradient(Report& report) {
    for (const LayerSize& size : LAYERS) {
        FirstMember first;
        for (int members : MEMBERS) {
            report.begin("R=%d O=%d B=%d", members, size.outputs, size.batch);
            const std::vector<float> dz = contents(1, members, size.outputs * size.batch);
            Array<float> gradient(dz);
            Array<float> db(static_cast<size_t>(members) * size.outputs);
            report.launched(espalier_bias_gradient(members, size.outputs, size.batch, gradient, db, nullptr));
            const std::vector<float> got = db.values();
            checkProduct(report, "db", got, members, size.outputs, 1, size.batch, Elements(dz, size.outputs, size.batch),
                         [](int, int, int) { return 1.0; });
            first.check(report, "first db", got, members);
        }
    }
    report.begin("bad sizes");
    Array<float> none(1);
    report.refused(espalier_bias_gradient(0, 1, 1, none, none, nullptr));
    report.refused(espalier_bias_gradient(65536, 1, 1, none, none, nullptr));
    report.refused(espalier_bias_gradient(1, 0, 1, none, none, nullptr));
    report.refused(espalier_bias_gradient(1, 1, 0, none, none, nullptr));
}

}  // namespace driver
