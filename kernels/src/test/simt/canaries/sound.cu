// Kernels without a mistake, close to those that have one.
#include "canaries.h"

namespace canaries {

namespace {

__device__ int number() { return blockIdx.x * THREADS + threadIdx.x; }

__global__ void barriers(const int* in, int* out) {
    SHARED(int, tile, [THREADS]);
    int sum = 0;
    for (int round = 0; round < 2; round++) {
        tile[threadIdx.x] = in[threadIdx.x];
        __syncthreads();
        sum += tile[THREADS - 1 - threadIdx.x];
        __syncthreads();
    }
    out[number()] = sum;
}

__global__ void dynamicShared(const int* in, int* out) {
    DYNAMIC_SHARED(int, pool);
    pool[threadIdx.x] = in[number()];
    __syncthreads();
    out[number()] = pool[threadIdx.x ^ 32];
}

__global__ void globalInBlock(const int* in, int* out) {
    out[number()] = in[number()];
    __syncthreads();
    const int other = out[number() ^ 32];
    __syncthreads();
    out[number()] = other;
}

__global__ void syncWarp(const int* in, int* out) {
    SHARED(int, tile, [THREADS]);
    tile[threadIdx.x] = in[number()];
    __syncwarp();
    const int other = tile[threadIdx.x ^ 1];
    __syncwarp();
    tile[threadIdx.x] = other;
    __syncwarp();
    out[number()] = tile[threadIdx.x];
}

// Groups of eight lanes with masks of their own, some of which do more rounds than others.
__global__ void groupsOfLanes(const int* in, int* out) {
    SHARED(int, tile, [THREADS]);
    const int group = threadIdx.x % 32 / 8;
    const unsigned mask = 0xffu << 8 * group;
    int v = in[number()];
    for (int round = 0; round <= 2 * group; round++) {
        tile[threadIdx.x] = v;
        __syncwarp(mask);
        v = tile[threadIdx.x ^ 7];
        v = __shfl_xor_sync(mask, v, 7, 8);
        tile[threadIdx.x] = v;
        __syncwarp(mask);
        v = tile[threadIdx.x ^ 7];
        __syncwarp(mask);
    }
    out[number()] = v;
}

__global__ void atomics(const int*, int* out) {
    SHARED(int, count, [1]);
    if (threadIdx.x == 0) {
        count[0] = 0;
    }
    __syncthreads();
    atomicAdd(&count[0], 1);
    __syncthreads();
    atomicMax(&count[0], 0);
    __syncthreads();
    out[number()] = count[0];
}

// Bytes of one word belong to several threads.
__global__ void bytes(const int* in, int* out) {
    uint8_t* const flags = reinterpret_cast<uint8_t*>(out);
    for (int i = 0; i < 4; i++) {
        flags[(i * BLOCKS + blockIdx.x) * THREADS + threadIdx.x] = in[threadIdx.x] >= 0;
    }
}

__global__ void shuffles(const int* in, int* out) {
    int v = in[number()];
    v = __shfl_xor_sync(espalier::ALL_LANES, v, 3);
    v = __shfl_sync(espalier::ALL_LANES, v, (threadIdx.x + 1) % 8, 8);
    const int up = __shfl_up_sync(espalier::ALL_LANES, v, 1, 16);
    const int down = __shfl_down_sync(espalier::ALL_LANES, v, 1, 16);
    out[number()] = up + down;
}

int shuffled(int i) {
    const auto at = [i](int lane) {
        const int v = i / 32 * 32 + lane;
        return (v / 8 * 8 + (v + 1) % 8) ^ 3;
    };
    const int lane = i % 32, within = lane % 16;
    return at(within == 0 ? lane : lane - 1) + at(within == 15 ? lane : lane + 1);
}

__global__ void votes(const int* in, int* out) {
    const unsigned odd = __ballot_sync(espalier::ALL_LANES, in[number()] & 1);
    const int all = __all_sync(espalier::ALL_LANES, in[number()] >= 0);
    const int any = __any_sync(espalier::ALL_LANES, in[number()] < 0);
    const int late = __syncthreads_or(in[number()] == NUMBERS - 1);
    out[number()] = (odd == 0xaaaaaaaau) + 2 * all + 4 * any + 8 * (late != 0);
}

// Threads may end where nobody waits for them.
__global__ void someEnd(const int* in, int* out) {
    out[number()] = in[number()];
    if (threadIdx.x >= 32) {
        return;
    }
    __syncwarp();
    out[number()] = __shfl_xor_sync(espalier::ALL_LANES, in[number()], 1);
}

constexpr int TABLE[] = {3, 1, 4, 1, 5, 9, 2, 6};

// Variables of a thread, an argument of many words, and constants are nobody else's concern.
struct Many {
    int values[16];
};
__global__ void ownMemory(Many many, const int* in, int* out) {
    int mine[16];
    memset(mine, 0, sizeof mine);
    for (int i = 0; i < 16; i++) {
        mine[(i + in[number()]) % 16] += many.values[i] + TABLE[i % 8];
    }
    memcpy(many.values, mine, sizeof mine);
    out[number()] = many.values[in[number()] % 16];
}

int withPool(const int* in, int* out) {
    return LAUNCH((dynamicShared), BLOCKS, THREADS, THREADS * sizeof(int), nullptr, in, out);
}

int withArgument(const int* in, int* out) {
    const Many many = {{10, 20}};
    return LAUNCH((ownMemory), BLOCKS, THREADS, 0, nullptr, many, in, out);
}

// What one launch writes, the next may read.
int twice(const int* in, int* out) {
    const int status = CANARY(syncWarp)(in, out);
    return status != 0 ? status : CANARY(globalInBlock)(in, out);
}

}  // namespace

std::vector<Canary> sound() {
    return {
        {"barriers", CANARY(barriers), nullptr, nullptr, [](int i) { return 2 * (THREADS - 1 - i % THREADS); }},
        {"dynamic shared memory", withPool, nullptr, nullptr, [](int i) { return i ^ 32; }},
        {"global memory and barriers", CANARY(globalInBlock), nullptr, nullptr, [](int i) { return i ^ 32; }},
        {"two launches", twice, nullptr, nullptr, [](int i) { return i ^ 32; }},
        {"lanes with __syncwarp", CANARY(syncWarp), nullptr, nullptr, [](int i) { return i ^ 1; }},
        {"groups of lanes", CANARY(groupsOfLanes), nullptr, nullptr, [](int i) { return i ^ 7; }},
        {"atomics", CANARY(atomics), nullptr, nullptr, [](int) { return THREADS; }},
        {"bytes of a word", CANARY(bytes), nullptr, nullptr, [](int) { return 0x01010101; }},
        {"shuffles", CANARY(shuffles), nullptr, nullptr, shuffled},
        {"votes", CANARY(votes), nullptr, nullptr, [](int i) { return i < THREADS ? 3 : 11; }},
        {"threads that end early", CANARY(someEnd), nullptr, nullptr, [](int i) { return i % THREADS < 32 ? i ^ 1 : i; }},
        {"own memory", withArgument, nullptr, nullptr, [](int) { return 10 + TABLE[0]; }},
    };
}

}  // namespace canaries
