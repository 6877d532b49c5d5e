// Bucket and sign of every element of a virtual matrix, by the keys of io.espalier.backend.WeightHash.
#include "xxhash.cuh"

namespace espalier {
namespace {

constexpr int THREADS = 128;
// Twice three numbers of ten digits, an underscore, a tag of five; odd in words, so that a warp's keys lie in different banks.
constexpr int KEY_WORDS = 17;

// Twice the bucket, plus one where the sign is negative: an odd hash is positive.
__device__ int entry(uint32_t bucketHash, uint32_t signHash, int buckets) {
    return static_cast<int>(bucketHash % static_cast<uint32_t>(buckets) << 1 | (~signHash & 1));
}

__global__ void hashWords(int elements, int columns, uint32_t seed, const int32_t* __restrict__ buckets,
                          int32_t* __restrict__ index) {
    const int e = blockIdx.x * THREADS + threadIdx.x;
    if (e < elements) {
        const uint32_t row = e / columns;
        const uint32_t column = e % columns;
        index[slice(blockIdx.z, elements) + e] =
            entry(xxHash32(row, column, seed), xxHash32(row, column, seed + 1), buckets[blockIdx.z]);
    }
}

// Writes the decimal digits of a number; where they end.
__device__ int writeNumber(uint8_t* text, int at, uint32_t number) {
    int digits = 1;
    for (uint32_t rest = number / 10; rest > 0; rest /= 10) {
        digits++;
    }
    for (int i = at + digits - 1; i >= at; i--) {
        text[i] = static_cast<uint8_t>('0' + number % 10);
        number /= 10;
    }
    return at + digits;
}

// Writes the three consecutive numbers, counted from 1, by which the paper's keys name a row or a column.
__device__ int writePlace(uint8_t* text, int at, uint32_t index) {
    for (uint32_t i = 1; i <= 3; i++) {
        at = writeNumber(text, at, index + i);
    }
    return at;
}

__device__ void writeTag(uint8_t* text, int at, uint8_t a, uint8_t b, uint8_t c, uint8_t d) {
    text[at] = a;
    text[at + 1] = b;
    text[at + 2] = c;
    text[at + 3] = d;
}

__global__ void hashText(int elements, int columns, uint8_t part, uint32_t seed, const int32_t* __restrict__ buckets,
                         int32_t* __restrict__ index) {
    // Each thread uses its own key only.
    SHARED(uint32_t, keys, [THREADS][KEY_WORDS]);
    const int e = blockIdx.x * THREADS + threadIdx.x;
    if (e < elements) {
        uint32_t* const key = keys[threadIdx.x];
        uint8_t* const text = reinterpret_cast<uint8_t*>(key);
        int length = writePlace(text, 0, e / columns);
        text[length++] = '_';
        length = writePlace(text, length, e % columns);
        writeTag(text, length, 'i', 'd', 'x', part);
        const uint32_t bucketHash = xxHash32(key, length + 4, seed);
        writeTag(text, length, 'x', 'i', '_', part);
        const uint32_t signHash = xxHash32(key, length + 4, seed);
        index[slice(blockIdx.z, elements) + e] = entry(bucketHash, signHash, buckets[blockIdx.z]);
    }
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_hash_indices(int members, int rows, int columns, int mode, int32_t seed, int layer,
                                            const int32_t* buckets, int32_t* index, void* stream) {
    using namespace espalier;
    if (members < 1 || members > MAX_MEMBERS || rows < 1 || columns < 1) {
        return ESPALIER_BAD_ARGUMENT;
    }
    const int elements = rows * columns;
    const dim3 grid(ceilDiv(elements, THREADS), 1, members);
    const uint32_t start = static_cast<uint32_t>(seed);
    switch (mode) {
        case ESPALIER_HASH_NATIVE:
            return LAUNCH((hashWords), grid, THREADS, 0, stream, elements, columns, start + 2 * static_cast<uint32_t>(layer),
                          buckets, index);
        case ESPALIER_HASH_PAPER_WEIGHTS:
            return LAUNCH((hashText), grid, THREADS, 0, stream, elements, columns, 'W', start, buckets, index);
        case ESPALIER_HASH_PAPER_BIASES:
            return LAUNCH((hashText), grid, THREADS, 0, stream, elements, columns, 'B', start, buckets, index);
        default:
            return ESPALIER_BAD_ARGUMENT;
    }
}
