// Gradient and curvature back through an activation, in one pass over its outputs.
#include "activation.cuh"
#include "elementwise.cuh"

namespace espalier {
namespace {

template <typename F, bool WIDE, bool GRADIENT>
__global__ void activationCurvature(int elements, const float* __restrict__ a, float* __restrict__ da,
                                    float* __restrict__ ha) {
    const Elements<WIDE> mine(elements);
    const Four<float> values = mine.load(a);
    Four<float> curvatures = mine.load(ha);
    Four<float> gradients = GRADIENT ? mine.load(da) : Four<float>();
    for (int i = 0; i < FOUR; i++) {
        const float slope = F::slope(values.at[i]);
        curvatures.at[i] = fmaf(slope * slope, curvatures.at[i], F::bend(values.at[i], slope) * gradients.at[i]);
        gradients.at[i] *= slope;
    }
    mine.store(ha, curvatures);
    if (GRADIENT) {
        mine.store(da, gradients);
    }
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_activation_curvature(int members, int outputs, int batch, int activation, const float* a,
                                                    float* da, float* ha, void* stream) {
    using namespace espalier;
    if (members < 1 || members > MAX_MEMBERS || outputs < 1 || batch < 1) {
        return ESPALIER_BAD_ARGUMENT;
    }
    if (activation == ESPALIER_LINEAR) {
        return 0;
    }
    const int elements = outputs * batch;
    const dim3 grid = elementGrid(members, elements);
    return byActivation(activation, [=](auto f) {
        using F = decltype(f);
        return byWidth(elements, [=](auto wide) {
            constexpr bool WIDE = decltype(wide)::value;
            return da == nullptr ? LAUNCH((activationCurvature<F, WIDE, false>), grid, ELEMENT_THREADS, 0, stream, elements, a,
                                          da, ha)
                                 : LAUNCH((activationCurvature<F, WIDE, true>), grid, ELEMENT_THREADS, 0, stream, elements, a,
                                          da, ha);
        });
    });
}
