// Accesses of what is not there.
#include "canaries.h"
#include "device_memory.h"

namespace canaries {

namespace {

__global__ void staticShared(const int* in, int*) {
    SHARED(int, tile, [THREADS]);
    int* const volatile next = tile + 1;
    next[threadIdx.x] = in[threadIdx.x];
}

__global__ void dynamicShared(const int* in, int*) {
    DYNAMIC_SHARED(int, pool);
    pool[threadIdx.x] = in[threadIdx.x];
}

__global__ void writeBehind(const int* in, int* out) { out[blockIdx.x * THREADS + threadIdx.x + 1] = in[threadIdx.x]; }

__global__ void readBehind(const int* in, int* out) {
    const int i = blockIdx.x * THREADS + threadIdx.x;
    out[i] = in[i + 1];
}

__global__ void writeInFront(const int* in, int* out) {
    const int i = blockIdx.x * THREADS + threadIdx.x;
    out[i - 1] = in[i];
}

__global__ void readInFront(const int* in, int* out) {
    const int i = blockIdx.x * THREADS + threadIdx.x;
    out[i] = in[i - 1];
}

__global__ void wideReadBehind(const int* in, int* out) {
    const int i = 4 * (blockIdx.x * THREADS + threadIdx.x);
    if (i <= NUMBERS) {
        const float4 four = *reinterpret_cast<const float4*>(in + i);
        out[i / 4] = static_cast<int>(four.x + four.w);
    }
}

__global__ void copyBehind(const int* in, int* out) {
    if (threadIdx.x == 0) {
        memcpy(out + blockIdx.x * THREADS, in + blockIdx.x * THREADS, (THREADS + 1) * sizeof(int));
    }
}

__global__ void updateBehind(const int*, int* out) { atomicMax(out + NUMBERS, 1); }

__global__ void misaligned(const int* in, int* out) {
    *reinterpret_cast<long long*>(out + 1) = in[threadIdx.x];
}

__global__ void copy(const int* in, int* out) {
    const int i = blockIdx.x * THREADS + threadIdx.x;
    out[i] = in[i];
}

// Another thread's variables are out of reach on a GPU.
__global__ void foreignStack(const int* in, int* out) {
    SHARED(volatile int*, pointer, [1]);
    volatile int mine = in[threadIdx.x];
    if (threadIdx.x == 0) {
        pointer[0] = &mine;
    }
    __syncthreads();
    out[blockIdx.x * THREADS + threadIdx.x] = *pointer[0];
}

int onHostMemory(const int*, int* out) {
    const std::vector<int> host(NUMBERS);
    return LAUNCH((copy), BLOCKS, THREADS, 0, nullptr, host.data(), out);
}

int onFreedMemory(const int*, int* out) {
    int* const freed = static_cast<int*>(simt_allocate(NUMBERS * sizeof(int)));
    simt_free(freed);
    return LAUNCH((copy), BLOCKS, THREADS, 0, nullptr, freed, out);
}

int withTooLittle(const int* in, int* out) {
    return LAUNCH((dynamicShared), BLOCKS, THREADS, (THREADS - 1) * sizeof(int), nullptr, in, out);
}

int withTooMuch(const int* in, int* out) { return LAUNCH((dynamicShared), 1, 1, (48 << 10) + 1, nullptr, in, out); }

int withTooManyThreads(const int* in, int* out) { return LAUNCH((copy), 1, 1025, 0, nullptr, in, out); }

int hostCopiesBehind(const int* in, int* out) {
    const std::vector<int> host(NUMBERS + 1);
    const int status = simt_copy_in(out, host.data(), host.size() * sizeof(int));
    return status != 0 ? status : CANARY(copy)(in, out);
}

}  // namespace

std::vector<Canary> bounds() {
    const char* const beyond = "out of bounds";
    const char* const damaged = "overwritten";
    return {
        {"static shared memory, behind", CANARY(staticShared), beyond, damaged, nullptr},
        {"dynamic shared memory, behind", withTooLittle, beyond, damaged, nullptr},
        {"write behind global memory", CANARY(writeBehind), beyond, damaged, nullptr},
        {"read behind global memory", CANARY(readBehind), beyond, nullptr, nullptr},
        {"write in front of global memory", CANARY(writeInFront), beyond, damaged, nullptr},
        {"read in front of global memory", CANARY(readInFront), beyond, nullptr, nullptr},
        {"read of float4 behind global memory", CANARY(wideReadBehind), beyond, nullptr, nullptr},
        {"memcpy behind global memory", CANARY(copyBehind), beyond, nullptr, nullptr},
        {"atomicMax behind global memory", CANARY(updateBehind), beyond, nullptr, nullptr},
        {"misaligned write", CANARY(misaligned), "misaligned", nullptr, nullptr},
        {"host memory", onHostMemory, "not the device's", nullptr, nullptr},
        {"freed memory", onFreedMemory, beyond, nullptr, nullptr},
        {"another thread's variable", CANARY(foreignStack), "not the device's", nullptr, nullptr},
        {"too much shared memory", withTooMuch, "limits", "limits", nullptr},
        {"too many threads", withTooManyThreads, "limits", "limits", nullptr},
        {"host copies behind global memory", hostCopiesBehind, beyond, beyond, nullptr},
    };
}

}  // namespace canaries
