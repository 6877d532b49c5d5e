// A step of gradient descent with momentum, penalties and, if there is one, the mask, in one pass over the weights.
#include "sgd.cuh"

#include "elementwise.cuh"

namespace espalier {
namespace {

template <bool WIDE, bool MASKED>
__global__ void sgd(int elements, float* __restrict__ w, const float* __restrict__ g, float* __restrict__ v,
                    const uint8_t* __restrict__ mask, const float* __restrict__ learningRate,
                    const float* __restrict__ momentum, const float* __restrict__ l1, const float* __restrict__ l2) {
    const Elements<WIDE> mine(elements);
    const int r = blockIdx.z;
    const SgdRates rates = {learningRate[r], momentum[r], l1[r], l2[r]};
    Four<float> weights = mine.load(w);
    Four<float> velocities = mine.load(v);
    const Four<float> gradients = mine.load(g);
    const Four<uint8_t> alive = MASKED ? mine.load(mask) : Four<uint8_t>{{1, 1, 1, 1}};
    for (int i = 0; i < FOUR; i++) {
        sgdStep(rates, gradients.at[i], weights.at[i], velocities.at[i]);
        weights.at[i] = alive.at[i] != 0 ? weights.at[i] : 0;
        velocities.at[i] = alive.at[i] != 0 ? velocities.at[i] : 0;
    }
    mine.store(w, weights);
    mine.store(v, velocities);
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_sgd(int members, int elements, float* w, const float* g, float* v, const uint8_t* mask,
                                   const float* learning_rate, const float* momentum, const float* l1, const float* l2,
                                   void* stream) {
    using namespace espalier;
    if (!validElements(members, elements)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    const dim3 grid = elementGrid(members, elements);
    return byWidth(elements, [=](auto wide) {
        constexpr bool WIDE = decltype(wide)::value;
        return mask == nullptr ? LAUNCH((sgd<WIDE, false>), grid, ELEMENT_THREADS, 0, stream, elements, w, g, v, mask,
                                        learning_rate, momentum, l1, l2)
                               : LAUNCH((sgd<WIDE, true>), grid, ELEMENT_THREADS, 0, stream, elements, w, g, v, mask,
                                        learning_rate, momentum, l1, l2);
    });
}
