// out[r] = table[r, counter[r] % columns]: how a step finds its learning rate.
#include "simt.h"

namespace espalier {
namespace {

constexpr int THREADS = 128;

__global__ void lookUp(int members, int columns, const float* __restrict__ table, const int32_t* __restrict__ counter,
                       float* __restrict__ out) {
    const int r = blockIdx.x * THREADS + threadIdx.x;
    if (r < members) {
        out[r] = table[slice(r, columns) + counter[r] % columns];
    }
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_look_up(int members, int columns, const float* table, const int32_t* counter, float* out,
                                       void* stream) {
    using namespace espalier;
    if (members < 1 || members > MAX_MEMBERS || columns < 1) {
        return ESPALIER_BAD_ARGUMENT;
    }
    return LAUNCH((lookUp), ceilDiv(members, THREADS), THREADS, 0, stream, members, columns, table, counter, out);
}
