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
        const std::vector<float> w = contents(1, members, outputs * inputs);
        const std::vector<float> dz = contents(2, members, outputs * batch);
        const std::vector<float> hz = contents(3, members, outputs * batch);
        Array<float> weights(w);
        Array<float> gradient(dz);
        Array<float> curvature(hz);
        const size_t count = static_cast<size_t>(members) * inputs * batch;
        Array<float> dx(count), hx(count), bothDx(count), bothHx(count);
        report.launched(espalier_linear_input_gradient(members, outputs, inputs, batch, weights, gradient, dx, nullptr));
        report.launched(espalier_linear_input_curvature(members, outputs, inputs, batch, weights, nullptr, curvature, nullptr, hx,
                                                        nullptr));
        report.launched(espalier_linear_input_curvature(members, outputs, inputs, batch, weights, gradient, curvature, bothDx,
                                                        bothHx, nullptr));
        const Elements weight(w, outputs, inputs);
        const std::vector<float> gotDx = dx.values();
        const std::vector<float> gotHx = hx.values();
        checkProduct(
            report, "dx", gotDx, members, inputs, batch, outputs, [&](int r, int i, int k) { return weight(r, k, i); },
            Elements(dz, outputs, batch));
        checkProduct(
            report, "hx", gotHx, members, inputs, batch, outputs,
            [&](int r, int i, int k) { return weight.squared(r, k, i); }, Elements(hz, outputs, batch));
        report.same("dx of both", bothDx.values(), gotDx);
        report.same("hx of both", bothHx.values(), gotHx);
        firstGradient.check(report, "first dx", gotDx, members);
        firstCurvature.check(report, "first hx", gotHx, members);
    }
}

}  // namespace

void linearInput(Report& report) {
    for (const LayerSize& size : LAYERS) {
        check(report, size);
    }
    // Large tiles, with and without 128-bit loads.
    check(report, {19, 577, 641});
    check(report, {36, 640, 644});

    report.begin("bad sizes");
    Array<float> none(1);
    report.refused(espalier_linear_input_gradient(0, 1, 1, 1, none, none, none, nullptr));
    report.refused(espalier_linear_input_gradient(1, 0, 1, 1, none, none, none, nullptr));
    report.refused(espalier_linear_input_curvature(65536, 1, 1, 1, none, none, none, none, none, nullptr));
    report.refused(espalier_linear_input_curvature(1, 1, 0, 1, none, nullptr, none, nullptr, none, nullptr));
}

}  // namespace driver
