// out = scale x^2: curvature passes square what the gradient's products take as it is.
#include "simt.h"

namespace espalier {
namespace {

constexpr int THREADS = 256;

__global__ void square(int elements, float scale, const float* __restrict__ x, float* __restrict__ out) {
    const int e = blockIdx.x * THREADS + threadIdx.x;
    if (e < elements) {
        const long long at = slice(blockIdx.z, elements) + e;
        out[at] = scale * (x[at] * x[at]);
    }
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_square(int members, int elements, float scale, const float* x, float* out, void* stream) {
    using namespace espalier;
    if (members < 1 || members > MAX_MEMBERS || elements < 1) {
        return ESPALIER_BAD_ARGUMENT;
    }
    const dim3 grid(ceilDiv(elements, THREADS), 1, members);
    return LAUNCH((square), grid, THREADS, 0, stream, elements, scale, x, out);
}
