// Reads of what nobody has written.
#include "canaries.h"

namespace canaries {

namespace {

__global__ void sharedMemory(const int* in, int* out) {
    SHARED(int, tile, [THREADS]);
    if (threadIdx.x != 5) {
        tile[threadIdx.x] = in[threadIdx.x];
    }
    __syncthreads();
    out[blockIdx.x * THREADS + threadIdx.x] = tile[threadIdx.x];
}

// What the block before has left is no value.
__global__ void earlierBlock(const int* in, int* out) {
    SHARED(int, tile, [THREADS]);
    if (blockIdx.x == 0 || in[0] != 0) {
        tile[threadIdx.x] = in[threadIdx.x];
    }
    __syncthreads();
    out[blockIdx.x * THREADS + threadIdx.x] = tile[threadIdx.x];
}

__global__ void globalMemory(const int*, int* out) { out[threadIdx.x] += 1; }

__global__ void atomicUpdate(const int*, int* out) { atomicAdd(out + threadIdx.x, 1); }

__global__ void oneByte(const int*, int* out) {
    uint8_t* const flags = reinterpret_cast<uint8_t*>(out);
    if (threadIdx.x == 0 && blockIdx.x == 0) {
        flags[0] = flags[1] = flags[3] = 1;
        out[1] = out[0];
    }
}

}  // namespace

std::vector<Canary> values() {
    const char* const valueless = "nobody has written";
    return {
        {"shared memory without a value", CANARY(sharedMemory), valueless, nullptr, nullptr},
        {"shared memory of an earlier block", CANARY(earlierBlock), valueless, nullptr, nullptr},
        {"global memory without a value", CANARY(globalMemory), valueless, nullptr, nullptr},
        {"atomicAdd to no value", CANARY(atomicUpdate), valueless, nullptr, nullptr},
        {"a word of which a byte has no value", CANARY(oneByte), valueless, nullptr, nullptr},
    };
}

}  // namespace canaries
