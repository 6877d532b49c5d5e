#include "activations.h"
#include "cases.h"

namespace driver {

void activationGradient(Report& report) {
    layers(report, {-1, 0, 0.25f, 0.999999f}, [&](ActivationLayer& layer) {
        const std::vector<float> a = layer.activations(report);
        const std::vector<float> da = Random(6).reals(layer.elements());
        Array<float> gradient(da);
        report.launched(layer.gradient(Array<float>(a), gradient));
        const std::vector<float> got = gradient.values();
        for (size_t i = 0; i < got.size(); i++) {
            double expected = 0;
            if (layer.survives(i)) {
                expected = da[i] * layer.scale(i) * slope(layer.f, a[i] / layer.scale(i));
            }
            report.close("da", i, got[i], expected, UNIT_ROUNDOFF * (8 * std::fabs(expected) + 8));
        }
        return got;
    });
    report.begin("an unknown function");
    report.refused(espalier_activation_gradient(1, 1, 1, -1, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, 0, nullptr));
}

}  // namespace driver
