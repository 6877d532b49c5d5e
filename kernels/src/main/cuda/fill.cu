// out = value.
#include "elementwise.cuh"

namespace espalier {
namespace {

template <bool WIDE>
__global__ void fill(int elements, float value, float* __restrict__ out) {
    Elements<WIDE>(elements).store(out, Four<float>{{value, value, value, value}});
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_fill(int members, int elements, float value, float* out, void* stream) {
    using namespace espalier;
    if (!validElements(members, elements)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    return byWidth(elements, [=](auto wide) {
        return LAUNCH((fill<decltype(wide)::value>), elementGrid(members, elements), ELEMENT_THREADS, 0, stream, elements, value,
                      out);
    });
}
