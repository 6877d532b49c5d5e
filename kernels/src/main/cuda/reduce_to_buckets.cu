// The gradient of buckets: each is the sum over its elements in a fixed order, so that there are no atomics and the bits are
// always the same. Few elements a bucket are added by one lane, many by a warp; which it is depends on the sizes of the fullest
// member, so both add in one order: partial sums of every 32nd element, then those in turn.
#include "simt.h"

namespace espalier {
namespace {

constexpr int THREADS = 128;
// Up to this mean number of elements a lane does a bucket.
constexpr int FEW = 16;

__device__ inline float element(const float* __restrict__ from, uint32_t place) {
    // The sign bit of the place is that of the element.
    return __uint_as_float(__float_as_uint(from[place & 0x7fffffffu]) ^ (place & 0x80000000u));
}

// The sum over a bucket, known to every lane of the warp that makes it together.
__device__ inline float sumOfWarp(const float* __restrict__ from, const uint32_t* __restrict__ places, int begin, int end,
                                  int lane) {
    float partial = 0;
#pragma unroll 4
    for (int k = begin + lane; k < end; k += WARP) {
        partial += element(from, places[k]);
    }
    float sum = 0;
#pragma unroll
    for (int i = 0; i < WARP; i++) {
        sum += __shfl_sync(ALL_LANES, partial, i);
    }
    return sum;
}

// A lane a bucket; where one has more elements than there are partial sums, its warp helps.
__global__ void reduceByLanes(int elements, int capacity, const float* __restrict__ gradient,
                              const int32_t* __restrict__ starts, const uint32_t* __restrict__ positions,
                              float* __restrict__ out) {
    const int lane = threadIdx.x % WARP;
    const int bucket = blockIdx.x * THREADS + threadIdx.x;
    const float* const from = gradient + slice(blockIdx.z, elements);
    const uint32_t* const places = positions + slice(blockIdx.z, elements);
    int begin = 0;
    int end = 0;
    if (bucket < capacity) {
        const int32_t* const bounds = starts + slice(blockIdx.z, capacity + 1LL) + bucket;
        begin = bounds[0];
        end = bounds[1];
    }
    const bool crowded = end - begin > WARP;
    float sum = 0;
#pragma unroll 4
    for (int k = begin; k < (crowded ? begin : end); k++) {
        sum += element(from, places[k]);
    }
    for (unsigned left = __ballot_sync(ALL_LANES, crowded); left != 0; left &= left - 1) {
        const int owner = __ffs(static_cast<int>(left)) - 1;
        const float theirs = sumOfWarp(from, places, __shfl_sync(ALL_LANES, begin, owner),
                                       __shfl_sync(ALL_LANES, end, owner), lane);
        sum = lane == owner ? theirs : sum;
    }
    if (bucket < capacity) {
        out[slice(blockIdx.z, capacity) + bucket] = sum;
    }
}

__global__ void reduceByWarps(int elements, int capacity, const float* __restrict__ gradient,
                              const int32_t* __restrict__ starts, const uint32_t* __restrict__ positions,
                              float* __restrict__ out) {
    const int lane = threadIdx.x % WARP;
    const int bucket = blockIdx.x * (THREADS / WARP) + threadIdx.x / WARP;
    if (bucket >= capacity) {
        return;
    }
    const int32_t* const bounds = starts + slice(blockIdx.z, capacity + 1LL) + bucket;
    const float sum = sumOfWarp(gradient + slice(blockIdx.z, elements), positions + slice(blockIdx.z, elements), bounds[0],
                                bounds[1], lane);
    if (lane == 0) {
        out[slice(blockIdx.z, capacity) + bucket] = sum;
    }
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_reduce_to_buckets(int members, int elements, int capacity, const float* gradient,
                                                 const int32_t* starts, const uint32_t* positions, float* out, void* stream) {
    using namespace espalier;
    if (members < 1 || members > MAX_MEMBERS || elements < 1 || capacity < 1) {
        return ESPALIER_BAD_ARGUMENT;
    }
    if (elements <= static_cast<long long>(FEW) * capacity) {
        const dim3 grid(ceilDiv(capacity, THREADS), 1, members);
        return LAUNCH((reduceByLanes), grid, THREADS, 0, stream, elements, capacity, gradient, starts, positions, out);
    }
    const dim3 grid(ceilDiv(capacity, THREADS / WARP), 1, members);
    return LAUNCH((reduceByWarps), grid, THREADS, 0, stream, elements, capacity, gradient, starts, positions, out);
}
