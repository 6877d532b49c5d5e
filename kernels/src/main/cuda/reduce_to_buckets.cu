// The gradient of buckets: each is the sum over its elements in a fixed order, so that there are no atomics and the bits are
// always the same. Few elements a bucket are added by one lane, many by a warp; which it is depends on the sizes alone.
#include "simt.h"

namespace espalier {
namespace {

constexpr int THREADS = 128;
// Up to this mean number of elements a lane does a bucket.
constexpr int FEW = 16;

// LANES lanes add every LANES-th element each, then what they have in a tree.
template <int LANES>
__global__ void reduceToBuckets(int elements, int capacity, const float* __restrict__ gradient,
                                const int32_t* __restrict__ starts, const uint32_t* __restrict__ positions,
                                float* __restrict__ out) {
    const int lane = threadIdx.x % LANES;
    const int bucket = blockIdx.x * (THREADS / LANES) + threadIdx.x / LANES;
    if (bucket >= capacity) {
        return;
    }
    const int32_t* const bounds = starts + slice(blockIdx.z, capacity + 1LL) + bucket;
    const float* const from = gradient + slice(blockIdx.z, elements);
    const uint32_t* const places = positions + slice(blockIdx.z, elements);
    const int end = bounds[1];
    float sum = 0;
#pragma unroll 4
    for (int k = bounds[0] + lane; k < end; k += LANES) {
        const uint32_t place = places[k];
        // The sign bit of the place is that of the element.
        sum += __uint_as_float(__float_as_uint(from[place & 0x7fffffffu]) ^ (place & 0x80000000u));
    }
#pragma unroll
    for (int offset = LANES / 2; offset >= 1; offset /= 2) {
        sum += __shfl_xor_sync(ALL_LANES, sum, offset);
    }
    if (lane == 0) {
        out[slice(blockIdx.z, capacity) + bucket] = sum;
    }
}

template <int LANES>
int launchReduce(int members, int elements, int capacity, const float* gradient, const int32_t* starts,
                 const uint32_t* positions, float* out, void* stream) {
    const dim3 grid(ceilDiv(capacity, THREADS / LANES), 1, members);
    return LAUNCH((reduceToBuckets<LANES>), grid, THREADS, 0, stream, elements, capacity, gradient, starts, positions, out);
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_reduce_to_buckets(int members, int elements, int capacity, const float* gradient,
                                                 const int32_t* starts, const uint32_t* positions, float* out, void* stream) {
    using namespace espalier;
    if (members < 1 || members > MAX_MEMBERS || elements < 1 || capacity < 1) {
        return ESPALIER_BAD_ARGUMENT;
    }
    return elements <= static_cast<long long>(FEW) * capacity
               ? launchReduce<1>(members, elements, capacity, gradient, starts, positions, out, stream)
               : launchReduce<WARP>(members, elements, capacity, gradient, starts, positions, out, stream);
}
