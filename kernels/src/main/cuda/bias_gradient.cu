// db = the sums of dz over the batch. A warp takes one row: it reads whole lines, and its tree of shuffles keeps the order fixed.
#include "simt.h"

namespace espalier {
namespace {

constexpr int WARPS = 8;

__global__ void biasGradient(int outputs, int batch, const float* __restrict__ dz, float* __restrict__ db) {
    const int lane = threadIdx.x % WARP;
    const int row = blockIdx.x * WARPS + threadIdx.x / WARP;
    float sum = 0;
    if (row < outputs) {
        const float* const from = dz + slice(blockIdx.z, slice(outputs, batch)) + slice(row, batch);
        if (batch % 4 == 0) {
            for (int b = lane * 4; b < batch; b += WARP * 4) {
                const float4 four = *reinterpret_cast<const float4*>(from + b);
                sum += (four.x + four.y) + (four.z + four.w);
            }
        } else {
            for (int b = lane; b < batch; b += WARP) {
                sum += from[b];
            }
        }
    }
    for (int other = WARP / 2; other > 0; other /= 2) {
        sum += __shfl_xor_sync(ALL_LANES, sum, other);
    }
    if (row < outputs && lane == 0) {
        db[slice(blockIdx.z, outputs) + row] = sum;
    }
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_bias_gradient(int members, int outputs, int batch, const float* dz, float* db, void* stream) {
    using namespace espalier;
    if (members < 1 || members > MAX_MEMBERS || outputs < 1 || batch < 1) {
        return ESPALIER_BAD_ARGUMENT;
    }
    const dim3 grid(ceilDiv(outputs, WARPS), 1, members);
    return LAUNCH((biasGradient), grid, WARPS * WARP, 0, stream, outputs, batch, dz, db);
}
