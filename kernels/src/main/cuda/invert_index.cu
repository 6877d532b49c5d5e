// Which elements take their number from each bucket: a counting sort by atomics, whose order is left to chance, and then a sort
// of every bucket, which makes it the only one possible.
#include "block_scan.cuh"

namespace espalier {
namespace {

constexpr int THREADS = 256;
constexpr int SCAN_THREADS = 1024;
constexpr int SCAN_ITEMS = 4;
// Up to this many elements one thread sorts a bucket, above it the block does.
constexpr int SHORT = 64;

__global__ void clearCounts(int capacity, int32_t* __restrict__ counts) {
    const int k = blockIdx.x * THREADS + threadIdx.x;
    if (k < capacity) {
        counts[slice(blockIdx.z, capacity) + k] = 0;
    }
}

__global__ void countElements(int elements, int capacity, const int32_t* __restrict__ index, int32_t* counts) {
    const int e = blockIdx.x * THREADS + threadIdx.x;
    if (e < elements) {
        const int bucket = index[slice(blockIdx.z, elements) + e] >> 1;
        atomicAdd(counts + slice(blockIdx.z, capacity) + bucket, 1);
    }
}

// Turns the counts in `cursor` into where each bucket begins, there and in `starts`. One block a member.
__global__ void __launch_bounds__(SCAN_THREADS) scanCounts(int capacity, int32_t* starts, int32_t* cursor) {
    SHARED(int, warpSums, [WARP]);
    starts += slice(blockIdx.z, capacity + 1LL);
    cursor += slice(blockIdx.z, capacity);
    int before = 0;
    for (int first = 0; first < capacity; first += SCAN_THREADS * SCAN_ITEMS) {
        const int mine = first + threadIdx.x * SCAN_ITEMS;
        int counts[SCAN_ITEMS];
        int sum = 0;
#pragma unroll
        for (int i = 0; i < SCAN_ITEMS; i++) {
            counts[i] = mine + i < capacity ? cursor[mine + i] : 0;
            sum += counts[i];
        }
        int total;
        int start = before + sumBefore<SCAN_THREADS>(sum, warpSums, total);
#pragma unroll
        for (int i = 0; i < SCAN_ITEMS; i++) {
            if (mine + i < capacity) {
                starts[mine + i] = start;
                cursor[mine + i] = start;
            }
            start += counts[i];
        }
        before += total;
    }
    if (threadIdx.x == 0) {
        starts[capacity] = before;
    }
}

__global__ void placeElements(int elements, int capacity, const int32_t* __restrict__ index, int32_t* cursor,
                              uint32_t* __restrict__ positions) {
    const int e = blockIdx.x * THREADS + threadIdx.x;
    if (e < elements) {
        const uint32_t entry = static_cast<uint32_t>(index[slice(blockIdx.z, elements) + e]);
        const int place = atomicAdd(cursor + slice(blockIdx.z, capacity) + (entry >> 1), 1);
        positions[slice(blockIdx.z, elements) + place] = static_cast<uint32_t>(e) | entry << 31;
    }
}

// Whether a comes behind b, whatever their signs.
__device__ bool isBehind(uint32_t a, uint32_t b) { return a << 1 > b << 1; }

// Insertion by one thread.
__device__ void sortShort(uint32_t* positions, int count) {
    for (int i = 1; i < count; i++) {
        const uint32_t moving = positions[i];
        int to = i;
        for (; to > 0 && isBehind(positions[to - 1], moving); to--) {
            positions[to] = positions[to - 1];
        }
        positions[to] = moving;
    }
}

// Compares each position with its partner, which `flip` tells from its number, and swaps them if needed.
__device__ void exchangePairs(uint32_t* positions, int count, int flip) {
    for (int i = threadIdx.x; i < count; i += THREADS) {
        const int partner = i ^ flip;
        if (i < partner && partner < count && isBehind(positions[i], positions[partner])) {
            const uint32_t moving = positions[i];
            positions[i] = positions[partner];
            positions[partner] = moving;
        }
    }
    __syncthreads();
}

// Bitonic by the block. All pairs are sorted the same way round, so what lies beyond the end acts as larger than everything and
// needs no place.
__device__ void sortLong(uint32_t* positions, int count) {
    for (int half = 1; half < count; half *= 2) {
        exchangePairs(positions, count, 2 * half - 1);
        for (int stride = half / 2; stride >= 1; stride /= 2) {
            exchangePairs(positions, count, stride);
        }
    }
}

__global__ void sortBuckets(int elements, int capacity, const int32_t* __restrict__ starts, uint32_t* positions) {
    starts += slice(blockIdx.z, capacity + 1LL);
    positions += slice(blockIdx.z, elements);
    const int first = blockIdx.x * THREADS;
    const int bucket = min(first + static_cast<int>(threadIdx.x), capacity - 1);
    const int count = first + static_cast<int>(threadIdx.x) < capacity ? starts[bucket + 1] - starts[bucket] : 0;
    if (count <= SHORT) {
        sortShort(positions + starts[bucket], count);
    }
    if (__syncthreads_or(count > SHORT)) {
        for (int k = first; k < min(first + THREADS, capacity); k++) {
            const int start = starts[k];
            const int length = starts[k + 1] - start;
            if (length > SHORT) {
                sortLong(positions + start, length);
            }
        }
    }
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_invert_index(int members, int elements, int capacity, const int32_t* index, int32_t* starts,
                                            uint32_t* positions, int32_t* cursor, void* stream) {
    using namespace espalier;
    if (members < 1 || members > MAX_MEMBERS || elements < 1 || capacity < 1) {
        return ESPALIER_BAD_ARGUMENT;
    }
    const dim3 perElement(ceilDiv(elements, THREADS), 1, members);
    const dim3 perBucket(ceilDiv(capacity, THREADS), 1, members);
    const dim3 perMember(1, 1, members);
    int status = LAUNCH((clearCounts), perBucket, THREADS, 0, stream, capacity, cursor);
    if (status == 0) {
        status = LAUNCH((countElements), perElement, THREADS, 0, stream, elements, capacity, index, cursor);
    }
    if (status == 0) {
        status = LAUNCH((scanCounts), perMember, SCAN_THREADS, 0, stream, capacity, starts, cursor);
    }
    if (status == 0) {
        status = LAUNCH((placeElements), perElement, THREADS, 0, stream, elements, capacity, index, cursor, positions);
    }
    return status != 0 ? status : LAUNCH((sortBuckets), perBucket, THREADS, 0, stream, elements, capacity, starts, positions);
}
