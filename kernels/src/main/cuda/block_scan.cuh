// Sums over the threads of a block before each one.
#pragma once

#include "simt.h"

namespace espalier {

// What the threads before this one have together; total becomes what all have. All THREADS threads of the block must come here;
// warpSums is shared, one number a warp, and free again afterwards.
template <int THREADS>
__device__ int sumBefore(int value, int* warpSums, int& total) {
    static_assert(THREADS % WARP == 0 && THREADS <= WARP * WARP, "a warp must be able to scan the warps' sums");
    constexpr int WARPS = THREADS / WARP;
    const int lane = threadIdx.x % WARP;
    const int warp = threadIdx.x / WARP;
    int sum = value;
    for (int offset = 1; offset < WARP; offset *= 2) {
        const int other = __shfl_up_sync(ALL_LANES, sum, offset);
        sum += lane >= offset ? other : 0;
    }
    if (lane == WARP - 1) {
        warpSums[warp] = sum;
    }
    __syncthreads();
    int warps = lane < WARPS ? warpSums[lane] : 0;
    for (int offset = 1; offset < WARPS; offset *= 2) {
        const int other = __shfl_up_sync(ALL_LANES, warps, offset);
        warps += lane >= offset ? other : 0;
    }
    total = __shfl_sync(ALL_LANES, warps, WARPS - 1);
    const int warpsBefore = __shfl_sync(ALL_LANES, warps, max(warp - 1, 0));
    __syncthreads();
    return (warp > 0 ? warpsBefore : 0) + sum - value;
}

}  // namespace espalier
