// Accesses that nothing orders. All memory has a value before, so that no order of the threads makes another mistake of it.
#include "canaries.h"

namespace canaries {

namespace {

__global__ void zero(const int*, int* out) { out[blockIdx.x * THREADS + threadIdx.x] = 0; }

__global__ void readAfterWrite(const int* in, int* out) {
    SHARED(int, tile, [THREADS]);
    tile[threadIdx.x] = 0;
    __syncthreads();
    tile[threadIdx.x] = in[threadIdx.x];
    out[blockIdx.x * THREADS + threadIdx.x] = tile[THREADS - 1 - threadIdx.x];
}

// The second round overwrites what slower threads still read.
__global__ void writeAfterRead(const int* in, int* out) {
    SHARED(int, tile, [THREADS]);
    int sum = 0;
    for (int round = 0; round < 2; round++) {
        tile[threadIdx.x] = in[threadIdx.x];
        __syncthreads();
        sum += tile[THREADS - 1 - threadIdx.x];
    }
    out[blockIdx.x * THREADS + threadIdx.x] = sum;
}

__global__ void sameValue(const int*, int* out) {
    SHARED(int, flag, [1]);
    flag[0] = 1;
    __syncthreads();
    out[blockIdx.x * THREADS + threadIdx.x] = flag[0];
}

__global__ void globalInBlock(const int* in, int* out) {
    const int first = blockIdx.x * THREADS;
    out[first + threadIdx.x] = in[threadIdx.x];
    const int other = out[first + THREADS - 1 - threadIdx.x];
    __syncthreads();
    out[first + threadIdx.x] = other;
}

__global__ void readOfOtherBlock(const int* in, int* out) {
    if (blockIdx.x == 0) {
        out[threadIdx.x] = in[threadIdx.x];
    } else {
        out[THREADS + threadIdx.x] = out[threadIdx.x];
    }
}

__global__ void writeAfterOtherBlock(const int* in, int* out) { out[threadIdx.x] = in[threadIdx.x]; }

// Block 0 has passed a barrier since it read what block 1 writes.
__global__ void writeAfterReadOfOtherBlock(const int*, int* out) {
    if (blockIdx.x == 0) {
        out[THREADS + threadIdx.x] = out[0];
        __syncthreads();
        out[THREADS + threadIdx.x] += 1;
    } else if (threadIdx.x == 0) {
        out[0] = 1;
    }
}

__global__ void lanesWithoutSync(const int* in, int* out) {
    SHARED(int, tile, [THREADS]);
    tile[threadIdx.x] = 0;
    __syncthreads();
    tile[threadIdx.x] = in[threadIdx.x];
    out[blockIdx.x * THREADS + threadIdx.x] = tile[threadIdx.x ^ 1];
}

// Only half of each warp has met.
__global__ void lanesOfOtherHalf(const int* in, int* out) {
    SHARED(int, tile, [THREADS]);
    tile[threadIdx.x] = 0;
    __syncthreads();
    tile[threadIdx.x] = in[threadIdx.x];
    __syncwarp(threadIdx.x % 32 < 16 ? 0x0000ffffu : 0xffff0000u);
    out[blockIdx.x * THREADS + threadIdx.x] = tile[threadIdx.x ^ 16];
}

// A warp operation orders no other warp.
__global__ void warpsWithoutBarrier(const int* in, int* out) {
    SHARED(int, tile, [THREADS]);
    tile[threadIdx.x] = 0;
    __syncthreads();
    tile[threadIdx.x] = in[threadIdx.x];
    __syncwarp();
    out[blockIdx.x * THREADS + threadIdx.x] = tile[threadIdx.x ^ 32];
}

__global__ void readOfUpdated(const int*, int* out) {
    SHARED(int, count, [1]);
    if (threadIdx.x == 0) {
        count[0] = 0;
    }
    __syncthreads();
    atomicAdd(&count[0], 1);
    out[blockIdx.x * THREADS + threadIdx.x] = count[0];
}

__global__ void updateOfRead(const int*, int* out) {
    SHARED(int, count, [1]);
    if (threadIdx.x == 0) {
        count[0] = 0;
    }
    __syncthreads();
    const int before = threadIdx.x == 0 ? count[0] : 0;
    out[blockIdx.x * THREADS + threadIdx.x] = atomicAdd(&count[0], 1) + before;
}

__global__ void updateOfWritten(const int*, int* out) {
    SHARED(int, count, [1]);
    if (threadIdx.x == 0) {
        count[0] = 0;
    }
    __syncthreads();
    if (threadIdx.x == 0) {
        count[0] = 1;
    }
    out[blockIdx.x * THREADS + threadIdx.x] = atomicAdd(&count[0], 1);
}

template <void (*KERNEL)(const int*, int*)> int onZeros(const int* in, int* out) {
    const int status = CANARY(zero)(in, out);
    return status != 0 ? status : CANARY(KERNEL)(in, out);
}

}  // namespace

std::vector<Canary> races() {
    const char* const race = "race";
    return {
        {"read after write without barrier", CANARY(readAfterWrite), race, nullptr, nullptr},
        {"write after read without barrier", CANARY(writeAfterRead), race, nullptr, nullptr},
        {"all threads write the same", CANARY(sameValue), race, nullptr, nullptr},
        {"global memory within a block", onZeros<globalInBlock>, race, nullptr, nullptr},
        {"read of what another block writes", onZeros<readOfOtherBlock>, race, nullptr, nullptr},
        {"two blocks write", CANARY(writeAfterOtherBlock), race, nullptr, nullptr},
        {"write of what another block reads", onZeros<writeAfterReadOfOtherBlock>, race, nullptr, nullptr},
        {"lanes without __syncwarp", CANARY(lanesWithoutSync), race, nullptr, nullptr},
        {"lanes of the other half of a warp", CANARY(lanesOfOtherHalf), race, nullptr, nullptr},
        {"two warps with __syncwarp only", CANARY(warpsWithoutBarrier), race, nullptr, nullptr},
        {"read of what others update", CANARY(readOfUpdated), race, nullptr, nullptr},
        {"update of what another reads", CANARY(updateOfRead), race, nullptr, nullptr},
        {"update of what another writes", CANARY(updateOfWritten), race, nullptr, nullptr},
    };
}

}  // namespace canaries
