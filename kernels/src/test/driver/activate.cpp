#include "activations.h"
#include "cases.h"

namespace driver {

void activate(Report& report) {
    for (float range : {1.0f, 50.0f}) {
        layers(report, {-1, 0, 0.25f}, [&](ActivationLayer& layer) {
            std::vector<float> z = Random(1).reals(layer.elements());
            for (float& sum : z) {
                sum *= range;
            }
            const std::vector<float> bias = Random(2).reals(static_cast<size_t>(layer.members) * layer.outputs);
            Array<float> a(z);
            report.launched(layer.activate(a, Array<float>(bias)));
            const std::vector<float> got = a.values();
            for (size_t i = 0; i < got.size(); i++) {
                const double sum = double(z[i]) + bias[i / layer.batch];
                const double expected = layer.survives(i) ? value(layer.f, sum) * layer.scale(i) : 0;
                report.close("a", i, got[i], expected, UNIT_ROUNDOFF * (8 * std::fabs(expected) + 8));
                // Exactly zero: what is dropped, and relu's other half.
                report.same("zero", i, layer.f == ESPALIER_RELU && sum < -1e-6 && got[i] != 0, 0);
                report.same("dropped", i, !layer.survives(i) && got[i] != 0, 0);
            }
            return got;
        });
    }
    report.begin("NaN stays");
    for (int f : FUNCTIONS) {
        Array<float> z(std::vector<float>{NAN}), bias(std::vector<float>{1});
        report.launched(espalier_activate(1, 1, 1, f, z, bias, nullptr, nullptr, nullptr, nullptr, 0, nullptr));
        report.same("NaN", 0, std::isnan(z.values()[0]), 1);
    }
    report.begin("an unknown function");
    report.refused(espalier_activate(1, 1, 1, 4, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, 0, nullptr));
    report.begin("a rate without keys");
    Array<float> rate(std::vector<float>{0});
    report.refused(espalier_activate(1, 1, 1, 0, nullptr, nullptr, nullptr, nullptr, rate, nullptr, 0, nullptr));
    report.begin("units without dropout");
    Array<int32_t> units(std::vector<int32_t>{0});
    report.refused(espalier_activate(1, 1, 1, 0, nullptr, nullptr, nullptr, nullptr, nullptr, units, 0, nullptr));
}

}  // namespace driver
