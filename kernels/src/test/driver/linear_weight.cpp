#include "products.h"

#include "cases.h"

namespace driver {

namespace {

// The gradient alone, the curvature alone, and both in one pass, which must have the bits of each alone.
void check(Report& report, LayerSize size) {
    const auto [outputs, inputs, batch] = size;
    FirstMember firstGradient, firstCurvature;
    for (int members : MEMBERS) {
        report.begin("R=%d O=%d I=%d B=%d", members, outputs, inputs, batch);
        const std::vector<float> x = contents(1, members, inputs * batch);
        const std::vector<float> dz = contents(2, members, outputs * batch);
        const std::vector<float> hz = contents(3, members, outputs * batch);
        Array<float> input(x);
        Array<float> gradient(dz);
        Array<float> curvature(hz);
        const size_t count = static_cast<size_t>(members) * outputs * inputs;
        Array<float> dw(count), hw(count), bothDw(count), bothHw(count);
        report.launched(espalier_linear_weight_gradient(members, outputs, inputs, batch, gradient, input, dw, nullptr));
        report.launched(espalier_linear_weight_curvature(members, outputs, inputs, batch, nullptr, curvature, input, nullptr, hw,
                                                         nullptr));
        report.launched(espalier_linear_weight_curvature(members, outputs, inputs, batch, gradient, curvature, input, bothDw,
                                                         bothHw, nullptr));
        const Elements in(x, inputs, batch);
        const std::vector<float> gotDw = dw.values();
        const std::vector<float> gotHw = hw.values();
        checkProduct(report, "dw", gotDw, members, outputs, inputs, batch, Elements(dz, outputs, batch),
                     [&](int r, int k, int j) { return in(r, j, k); });
        checkProduct(report, "hw", gotHw, members, outputs, inputs, batch, Elements(hz, outputs, batch),
                     [&](int r, int k, int j) { return in.squared(r, j, k); });
        report.same("dw of both", bothDw.values(), gotDw);
        report.same("hw of both", bothHw.values(), gotHw);
        firstGradient.check(report, "first dw", gotDw, members);
        firstCurvature.check(report, "first hw", gotHw, members);
    }
}

}  // namespace

void linearWeight(Report& report) {
    for (const LayerSize& size : LAYERS) {
        check(report, size);
    }
    // Large tiles, with and without 128-bit loads.
    check(report, {577, 641, 19});
    check(report, {640, 644, 36});

    report.begin("bad sizes");
    Array<float> none(1);
    report.refused(espalier_linear_weight_gradient(0, 1, 1, 1, none, none, none, nullptr));
    report.refused(espalier_linear_weight_gradient(1, 1, 1, 0, none, none, none, nullptr));
    report.refused(espalier_linear_weight_curvature(65536, 1, 1, 1, none, none, none, none, none, nullptr));
    report.refused(espalier_linear_weight_curvature(1, 0, 1, 1, nullptr, none, none, nullptr, none, nullptr));
}

}  // namespace driver
