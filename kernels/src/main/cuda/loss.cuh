// A loss sums over a member's batch in a fixed order: one block a member, a column a thread at a time.
#pragma once

#include "simt.h"

namespace espalier {

constexpr int LOSS_THREADS = 256;

inline bool validLoss(int members, int outputs, int batch) {
    return members >= 1 && members <= MAX_MEMBERS && outputs >= 1 && batch >= 1;
}

// Adds what the threads of a block have to one number; every thread must call it, once in a kernel.
__device__ inline void addAll(float mine, float* total) {
    SHARED(float, sums, [LOSS_THREADS / WARP]);
    for (int offset = WARP / 2; offset > 0; offset /= 2) {
        mine += __shfl_down_sync(ALL_LANES, mine, offset);
    }
    if (threadIdx.x % WARP == 0) {
        sums[threadIdx.x / WARP] = mine;
    }
    __syncthreads();
    if (threadIdx.x == 0) {
        float sum = 0;
        for (int warp = 0; warp < LOSS_THREADS / WARP; warp++) {
            sum += sums[warp];
        }
        *total += sum;
    }
}

}  // namespace espalier
