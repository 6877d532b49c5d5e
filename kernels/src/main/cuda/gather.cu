// Batches out of a data set that stays as bytes: rows are read along the features, turned in shared memory and written along the
// batch, so that both sides are coalesced.
#include "simt.h"

namespace espalier {
namespace {

// A block turns 32 examples by 128 features, held as words of four bytes.
constexpr int WARPS = 8;
constexpr int BYTES = 4;
constexpr int TILE_FEATURES = WARP * BYTES;
constexpr int ROWS = WARP / WARPS;

// Multiplied rather than divided by, at the price of one more rounding.
constexpr float UNIT = 1 / 255.0f;

// Four features of an example; ALIGNED: in one access. What lies behind its last feature is 0.
template <bool ALIGNED>
__device__ uint32_t fourBytes(const uint8_t* features, int count) {
    if (ALIGNED) {
        return *reinterpret_cast<const uint32_t*>(features);
    }
    uint32_t word = 0;
    for (int i = 0; i < BYTES; i++) {
        word |= i < count ? static_cast<uint32_t>(features[i]) << 8 * i : 0;
    }
    return word;
}

template <bool ALIGNED>
__global__ void gather(int features, int batch, const uint8_t* __restrict__ data, const int32_t* __restrict__ indices,
                       float* __restrict__ out) {
    // One word more than a warp in a row: lanes that walk down a column meet 32 banks.
    SHARED(uint32_t, tile, [WARP][WARP + 1]);
    const int across = ceilDiv(batch, WARP);
    const int firstColumn = blockIdx.x % across * WARP;
    const int firstFeature = blockIdx.x / across * TILE_FEATURES;
    const int warp = threadIdx.x / WARP;
    const int lane = threadIdx.x % WARP;
    indices += slice(blockIdx.z, batch);
    out += slice(blockIdx.z, static_cast<long long>(features) * batch);

    const int feature = firstFeature + lane * BYTES;
    for (int i = 0; i < ROWS; i++) {
        const int row = warp + i * WARPS;
        if (firstColumn + row < batch && feature < features) {
            const uint8_t* example = data + static_cast<long long>(indices[firstColumn + row]) * features;
            tile[row][lane] = fourBytes<ALIGNED>(example + feature, features - feature);
        }
    }
    __syncthreads();
    const int column = firstColumn + lane;
    for (int i = 0; i < ROWS; i++) {
        const int word = warp + i * WARPS;
        const int top = firstFeature + word * BYTES;
        if (column < batch && top < features) {
            const uint32_t bytes = tile[lane][word];
            for (int f = 0; f < BYTES && top + f < features; f++) {
                out[(top + f) * batch + column] = static_cast<float>(bytes >> 8 * f & 0xff) * UNIT;
            }
        }
    }
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_gather(int members, int examples, int features, int batch, const uint8_t* data,
                                      const int32_t* indices, float* out, void* stream) {
    using namespace espalier;
    if (members < 1 || members > MAX_MEMBERS || examples < 1 || features < 1 || batch < 1) {
        return ESPALIER_BAD_ARGUMENT;
    }
    const dim3 grid(ceilDiv(batch, WARP) * ceilDiv(features, TILE_FEATURES), 1, members);
    const int threads = WARPS * WARP;
    return features % BYTES == 0
               ? LAUNCH((gather<true>), grid, threads, 0, stream, features, batch, data, indices, out)
               : LAUNCH((gather<false>), grid, threads, 0, stream, features, batch, data, indices, out);
}
