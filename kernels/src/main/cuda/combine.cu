// y = a x + b y: sums of two tensors, such as a block's output and what went around it, and running averages.
#include "elementwise.cuh"

namespace espalier {
namespace {

template <bool WIDE>
__global__ void combine(int elements, float a, const float* __restrict__ x, float b, float* __restrict__ y) {
    const Elements<WIDE> mine(elements);
    const Four<float> others = mine.load(x);
    Four<float> values = mine.load(y);
    for (int i = 0; i < FOUR; i++) {
        values.at[i] = fmaf(a, others.at[i], b * values.at[i]);
    }
    mine.store(y, values);
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_combine(int members, int elements, float a, const float* x, float b, float* y, void* stream) {
    using namespace espalier;
    if (!validElements(members, elements)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    return byWidth(elements, [=](auto wide) {
        return LAUNCH((combine<decltype(wide)::value>), elementGrid(members, elements), ELEMENT_THREADS, 0, stream, elements, a,
                      x, b, y);
    });
}
