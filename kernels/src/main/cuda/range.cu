// indices[r, b] = first + b: evaluation goes through the data in file order.
#include "simt.h"

namespace espalier {
namespace {

constexpr int THREADS = 128;

__global__ void range(int batch, int32_t first, int32_t* __restrict__ indices) {
    const int b = blockIdx.x * THREADS + threadIdx.x;
    if (b < batch) {
        indices[slice(blockIdx.z, batch) + b] = first + b;
    }
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_range(int members, int batch, int32_t first, int32_t* indices, void* stream) {
    using namespace espalier;
    if (members < 1 || members > MAX_MEMBERS || batch < 1) {
        return ESPALIER_BAD_ARGUMENT;
    }
    return LAUNCH((range), dim3(ceilDiv(batch, THREADS), 1, members), THREADS, 0, stream, batch, first, indices);
}
