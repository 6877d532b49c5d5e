// x = 0 where the mask is 0, whatever x was: a selection, so that neither NaN nor infinity survives pruning.
#include "elementwise.cuh"

namespace espalier {
namespace {

template <bool WIDE>
__global__ void applyMask(int elements, float* __restrict__ x, const uint8_t* __restrict__ mask) {
    const Elements<WIDE> mine(elements);
    const Four<uint8_t> alive = mine.load(mask);
    Four<float> values = mine.load(x);
    for (int i = 0; i < FOUR; i++) {
        values.at[i] = alive.at[i] != 0 ? values.at[i] : 0;
    }
    mine.store(x, values);
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_apply_mask(int members, int elements, float* x, const uint8_t* mask, void* stream) {
    using namespace espalier;
    if (!validElements(members, elements)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    return byWidth(elements, [=](auto wide) {
        return LAUNCH((applyMask<decltype(wide)::value>), elementGrid(members, elements), ELEMENT_THREADS, 0, stream, elements, x,
                      mask);
    });
}
