// out = |w|: the saliency of magnitude pruning.
#include "elementwise.cuh"

namespace espalier {
namespace {

template <bool WIDE>
__global__ void magnitude(int elements, const float* __restrict__ w, float* __restrict__ out) {
    const Elements<WIDE> mine(elements);
    Four<float> values = mine.load(w);
    for (float& value : values.at) {
        value = fabsf(value);
    }
    mine.store(out, values);
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_magnitude(int members, int elements, const float* w, float* out, void* stream) {
    using namespace espalier;
    if (!validElements(members, elements)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    return byWidth(elements, [=](auto wide) {
        return LAUNCH((magnitude<decltype(wide)::value>), elementGrid(members, elements), ELEMENT_THREADS, 0, stream, elements, w,
                      out);
    });
}
