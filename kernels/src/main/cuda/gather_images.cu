// Batches of images out of a data set that stays as bytes, normalised by channel, and for training moved and mirrored. A block
// turns one row of pixels of 32 examples in shared memory, so that it reads along the row and writes along the batch.
#include "philox.cuh"

namespace espalier {
namespace {

constexpr int WARPS = 8;
constexpr int THREADS = WARPS * WARP;
// Pixels of a row that are turned at a time.
constexpr int PIXELS = 32;

constexpr float UNIT = 1 / 255.0f;

struct Augmentation {
    const int32_t* keys;
    const int32_t* step;
    int shift;
    int mirrored;
    int stream;
};

// Where an example's pixels come from.
struct Motion {
    int down, right;
    bool mirror;
};

__device__ int offset(uint32_t word, int shift) {
    return static_cast<int>(static_cast<uint64_t>(word) * (2u * shift + 1) >> 32) - shift;
}

__device__ Motion motionOf(const Augmentation& augmentation, int member, int example) {
    if (augmentation.keys == nullptr) {
        return {0, 0, false};
    }
    const uint32_t step = static_cast<uint32_t>(augmentation.step[member]);
    const PhiloxWords words = philox(keyOf(augmentation.keys, member),
                                     {static_cast<uint32_t>(example), step, static_cast<uint32_t>(augmentation.stream), 0});
    return {offset(words.x, augmentation.shift), offset(words.y, augmentation.shift),
            augmentation.mirrored != 0 && words.z >> 31 != 0};
}

__global__ void gatherImages(int channels, int height, int width, int batch, const uint8_t* __restrict__ data,
                             const int32_t* __restrict__ indices, const float* __restrict__ mean,
                             const float* __restrict__ scale, Augmentation augmentation, float* __restrict__ out) {
    // One more in a row: lanes that walk down a column meet 32 banks.
    SHARED(float, tile, [WARP][PIXELS + 1]);
    const int across = ceilDiv(batch, WARP);
    const int firstExample = blockIdx.x % across * WARP;
    const int row = blockIdx.x / across;
    const int channel = row / height;
    const int lane = threadIdx.x % WARP;
    const float middle = mean[slice(blockIdx.z, channels) + channel];
    const float factor = scale[slice(blockIdx.z, channels) + channel];
    indices += slice(blockIdx.z, batch);
    out += slice(blockIdx.z, static_cast<long long>(channels) * height * width * batch) + slice(row, width * batch);
    for (int first = 0; first < width; first += PIXELS) {
        for (int e = threadIdx.x / WARP; e < WARP; e += WARPS) {
            const int example = firstExample + e;
            if (example < batch) {
                const Motion motion = motionOf(augmentation, blockIdx.z, example);
                const int y = row % height + motion.down;
                const int x = (motion.mirror ? width - 1 - (first + lane) : first + lane) + motion.right;
                float value = 0;
                if (y >= 0 && y < height && x >= 0 && x < width) {
                    const int pixel = (channel * height + y) * width + x;
                    const uint8_t byte = data[slice(indices[example], channels * height * width) + pixel];
                    value = (static_cast<float>(byte) * UNIT - middle) * factor;
                }
                tile[e][lane] = value;
            }
        }
        __syncthreads();
        for (int x = threadIdx.x / WARP; x < PIXELS && first + x < width; x += WARPS) {
            if (firstExample + lane < batch) {
                out[(first + x) * batch + firstExample + lane] = tile[lane][x];
            }
        }
        __syncthreads();
    }
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_gather_images(int members, int examples, int channels, int height, int width, int batch,
                                             const uint8_t* data, const int32_t* indices, const float* mean, const float* scale,
                                             const int32_t* keys, const int32_t* step, int shift, int mirrored, int move_stream,
                                             float* out, void* stream) {
    using namespace espalier;
    if (members < 1 || members > MAX_MEMBERS || examples < 1 || channels < 1 || height < 1 || width < 1 || batch < 1 ||
        shift < 0 || shift > 1 << 20 || (keys == nullptr) != (step == nullptr)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    const dim3 grid(ceilDiv(batch, WARP) * channels * height, 1, members);
    const Augmentation augmentation = {keys, step, shift, mirrored, move_stream};
    return LAUNCH((gatherImages), grid, THREADS, 0, stream, channels, height, width, batch, data, indices, mean, scale,
                  augmentation, out);
}
