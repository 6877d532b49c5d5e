#include "cost.h"

#include <chrono>
#include <cstdio>

#include "canaries.h"
#include "device_memory.h"

namespace canaries {

namespace {

constexpr int ROUNDS = 1000;
constexpr int REPETITIONS = 9;

__global__ void barriers(int rounds) {
    for (int i = 0; i < rounds; i++) {
        __syncthreads();
    }
}

__global__ void shuffles(int rounds, float* out) {
    float v = threadIdx.x;
    for (int i = 0; i < rounds; i++) {
        v = __shfl_xor_sync(espalier::ALL_LANES, v, 1 + i % 31);
    }
    out[threadIdx.x] = v;
}

__global__ void stores(float* out) { out[blockIdx.x * blockDim.x + threadIdx.x] = 1; }

// The shortest of several times.
template <typename Launch> double nanoseconds(Launch launch) {
    using Clock = std::chrono::steady_clock;
    double shortest = HUGE_VAL;
    for (int i = 0; i < REPETITIONS; i++) {
        const Clock::time_point start = Clock::now();
        if (launch() != 0) {
            printf("%s\n", simt::faultText());
        }
        shortest = min(shortest, std::chrono::duration<double, std::nano>(Clock::now() - start).count());
    }
    return shortest;
}

}  // namespace

void printCost() {
    constexpr int SIZES[] = {32, 128, 256, 512, 1024};
    float* const out = static_cast<float*>(simt_allocate(ROUNDS * 1024 * sizeof(float)));
    printf("threads  __syncthreads  shuffle  thread that stores a float   (ns a thread)\n");
    for (int threads : SIZES) {
        const double count = double(ROUNDS) * threads;
        printf("%7d  %13.1f  %7.1f  %26.1f\n", threads,
               nanoseconds([=] { return LAUNCH((barriers), 1, threads, 0, nullptr, ROUNDS); }) / count,
               nanoseconds([=] { return LAUNCH((shuffles), 1, threads, 0, nullptr, ROUNDS, out); }) / count,
               nanoseconds([=] { return LAUNCH((stores), ROUNDS, threads, 0, nullptr, out); }) / count);
    }
    simt_free(out);
}

}  // namespace canaries
