// Threads that wait for others in vain.
#include "canaries.h"

namespace canaries {

namespace {

__global__ void endedThreads(const int*, int*) {
    if (threadIdx.x < 32) {
        __syncthreads();
    }
}

__global__ void otherBarrier(const int*, int*) {
    if (threadIdx.x < 32) {
        __syncthreads();
    } else {
        __syncthreads();
    }
}

__global__ void warpForBlock(const int* in, int* out) {
    int v = in[threadIdx.x];
    if (threadIdx.x == 7) {
        __syncthreads();
    } else {
        v += __shfl_sync(espalier::ALL_LANES, v, 0);
    }
    out[blockIdx.x * THREADS + threadIdx.x] = v;
}

__global__ void endedLane(const int* in, int* out) {
    if (threadIdx.x % 32 != 31) {
        out[blockIdx.x * THREADS + threadIdx.x] = __shfl_down_sync(espalier::ALL_LANES, in[threadIdx.x], 1);
    }
}

__global__ void unnamedLane(const int* in, int* out) {
    out[blockIdx.x * THREADS + threadIdx.x] = __shfl_xor_sync(0x0000ffffu, in[threadIdx.x], 1);
}

__global__ void otherOperation(const int* in, int* out) {
    int v = in[threadIdx.x];
    if (threadIdx.x % 2 == 0) {
        v = __shfl_xor_sync(espalier::ALL_LANES, v, 1);
    } else {
        v = __any_sync(espalier::ALL_LANES, v);
    }
    out[blockIdx.x * THREADS + threadIdx.x] = v;
}

__global__ void otherMask(const int* in, int* out) {
    const unsigned mask = threadIdx.x % 32 < 16 ? espalier::ALL_LANES : 0xffff0000u;
    out[blockIdx.x * THREADS + threadIdx.x] = __shfl_xor_sync(mask, in[threadIdx.x], 1);
}

}  // namespace

std::vector<Canary> waits() {
    const char* const barrier = "waits in __syncthreads of waits.cu";
    const char* const warp = "waits in the warp operation of waits.cu";
    const char* const unnamed = "not among its lanes";
    return {
        {"barrier that half of the block reaches", CANARY(endedThreads), barrier, barrier, nullptr},
        {"two barriers", CANARY(otherBarrier), barrier, barrier, nullptr},
        {"barrier against warp operation", CANARY(warpForBlock), warp, warp, nullptr},
        {"warp operation without a lane", CANARY(endedLane), warp, warp, nullptr},
        {"warp operation of an unnamed lane", CANARY(unnamedLane), unnamed, unnamed, nullptr},
        {"two warp operations", CANARY(otherOperation), warp, warp, nullptr},
        {"warp operation with two masks", CANARY(otherMask), warp, warp, nullptr},
    };
}

}  // namespace canaries
