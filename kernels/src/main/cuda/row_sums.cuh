// Sums along the rows of (R, rows, columns): a block takes a row, for these are as long as a batch of images has pixels. Every
// thread adds what it meets, the lanes of a warp add up by halves, and the warps in their order: the same bits every time.
#pragma once

#include "several.cuh"

namespace espalier {

constexpr int SUM_THREADS = 256;
constexpr int SUM_WARPS = SUM_THREADS / WARP;

// What the threads of a block have together, for thread 0; every thread must call it. The shared words must not be in use.
__device__ inline float sumOfBlock(float mine, float* warpSums) {
    for (int offset = WARP / 2; offset > 0; offset /= 2) {
        mine += __shfl_down_sync(ALL_LANES, mine, offset);
    }
    if (threadIdx.x % WARP == 0) {
        warpSums[threadIdx.x / WARP] = mine;
    }
    __syncthreads();
    float sum = 0;
    for (int warp = 0; threadIdx.x == 0 && warp < SUM_WARPS; warp++) {
        sum += warpSums[warp];
    }
    return sum;
}

inline bool validRows(int members, int rows, int columns) {
    return members >= 1 && members <= MAX_MEMBERS && rows >= 1 && columns >= 1;
}

}  // namespace espalier
