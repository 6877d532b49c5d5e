#include "products.h"

#include "cases.h"

namespace driver {

namespace {

void check(Report& report, LayerSize size) {
    const auto [outputs, inputs, batch] = size;
    FirstMember first;
    for (int members : MEMBERS) {
        report.begin("R=%d O=%d I=%d B=%d", members, outputs, inputs, batch);
        const std::vector<float> w = contents(1, members, outputs * inputs);
        const std::vector<float> x = contents(2, members, inputs * batch);
        Array<float> weights(w);
        Array<float> input(x);
        Array<float> z(static_cast<size_t>(members) * outputs * batch);
        report.launched(espalier_linear(members, outputs, inputs, batch, weights, input, z, nullptr));
        const std::vector<float> got = z.values();
        const Elements weight(w, outputs, inputs);
        const Elements in(x, inputs, batch);
        checkProduct(report, "z", got, members, outputs, batch, inputs, weight, in);
        first.check(report, "first z", got, members);
    }
}

}  // namespace

void linear(Report& report) {
    for (const LayerSize& size : LAYERS) {
        check(report, size);
    }
    // Large tiles, with and without 128-bit loads.
    check(report, {577, 19, 641});
    check(report, {640, 36, 644});

    // A NaN in the last step of the sum reaches its own row or column only.
    report.begin("NaN");
    const int outputs = 37, inputs = 43, batch = 35;
    std::vector<float> w(outputs * inputs, 1);
    std::vector<float> x(inputs * batch, 1);
    w.back() = std::numeric_limits<float>::quiet_NaN();
    Array<float> weights(w);
    Array<float> input(x);
    Array<float> z(outputs * batch);
    report.launched(espalier_linear(1, outputs, inputs, batch, weights, input, z, nullptr));
    const std::vector<float> got = z.values();
    for (int i = 0; i < outputs * batch; i++) {
        report.same("z is NaN", i, std::isnan(got[i]), i / batch == outputs - 1);
    }

    report.begin("bad sizes");
    report.refused(espalier_linear(0, 1, 1, 1, weights, input, z, nullptr));
    report.refused(espalier_linear(65536, 1, 1, 1, weights, input, z, nullptr));
    report.refused(espalier_linear(1, 0, 1, 1, weights, input, z, nullptr));
    report.refused(espalier_linear(1, 1, 0, 1, weights, input, z, nullptr));
    report.refused(espalier_linear(1, 1, 1, 0, weights, input, z, nullptr));
}

}  // namespace driver
