#include "activations.h"
#include "cases.h"

namespace driver {

void activationCurvature(Report& report) {
    for (bool both : {false, true}) {
        layers(report, {-1}, [&](ActivationLayer& layer) {
            const std::vector<float> a = layer.activations(report);
            const std::vector<float> da = Random(7).reals(layer.elements()), ha = Random(8).reals(layer.elements());
            Array<float> gradient(da), curvature(ha);
            report.launched(espalier_activation_curvature(layer.members, layer.outputs, layer.batch, layer.f, Array<float>(a),
                                                          both ? static_cast<float*>(gradient) : nullptr, curvature, nullptr));
            const std::vector<float> gotH = curvature.values(), gotD = gradient.values();
            for (size_t i = 0; i < gotH.size(); i++) {
                const double first = slope(layer.f, a[i]);
                const double h = first * first * ha[i] + (both ? bend(layer.f, a[i]) * da[i] : 0);
                const double d = both ? first * da[i] : da[i];
                report.close("ha", i, gotH[i], h, UNIT_ROUNDOFF * (8 * std::fabs(h) + 24));
                report.close("da", i, gotD[i], d, UNIT_ROUNDOFF * (8 * std::fabs(d) + 24));
            }
            return gotH;
        });
    }
    report.begin("an unknown function");
    report.refused(espalier_activation_curvature(1, 1, 1, 9, nullptr, nullptr, nullptr, nullptr));
}

}  // namespace driver
