// The largest pixel of every window and which one it was; back, a pixel gathers from the windows that it won, in the order of its
// places in them.
#include "window.cuh"

namespace espalier {
namespace {

// So many places have numbers that fit into a byte.
constexpr int LARGEST_KERNEL = 16;

template <int WIDTH>
__global__ void maxPool(Window window, int batch, const float* __restrict__ x, float* __restrict__ y,
                        uint8_t* __restrict__ winners) {
    const int row = blockIdx.x;
    const int top = row % window.outHeight * window.stride - window.padding;
    const int length = window.outWidth * batch;
    const long long first = slice(blockIdx.z, window.outputs(batch)) + slice(row, length);
    x += slice(blockIdx.z, window.inputs(batch)) + slice(row / window.outHeight, window.height * window.width * batch);
    const int across = batch / WIDTH;
    for (int i = threadIdx.x; i < length / WIDTH; i += ROW_THREADS) {
        const int left = i / across * window.stride - window.padding;
        Several<float, WIDTH> best = {};
        Several<uint8_t, WIDTH> winner = {};
        bool begun = false;
        for (int ky = max(0, -top); ky < window.kernel && top + ky < window.height; ky++) {
            for (int kx = max(0, -left); kx < window.kernel && left + kx < window.width; kx++) {
                const int at = ((top + ky) * window.width + left + kx) * batch + i % across * WIDTH;
                const auto values = load<WIDTH>(x + at);
                for (int k = 0; k < WIDTH; k++) {
                    const float value = values.at[k];
                    const bool isNan = value != value;
                    if (!begun || value > best.at[k] || (isNan && best.at[k] == best.at[k])) {
                        best.at[k] = value;
                        winner.at[k] = static_cast<uint8_t>(ky * window.kernel + kx);
                    }
                }
                begun = true;
            }
        }
        store(y + first + i * WIDTH, best);
        store(winners + first + i * WIDTH, winner);
    }
}

template <int WIDTH>
__global__ void maxPoolGradient(Window window, int batch, const float* __restrict__ dy, const uint8_t* __restrict__ winners,
                                float* __restrict__ dx) {
    const int row = blockIdx.x;
    const int length = window.width * batch;
    const long long outputs =
        slice(blockIdx.z, window.outputs(batch)) + slice(row / window.height, window.outHeight * window.outWidth * batch);
    const int across = batch / WIDTH;
    for (int i = threadIdx.x; i < length / WIDTH; i += ROW_THREADS) {
        Several<float, WIDTH> sum = {};
        for (int ky = 0; ky < window.kernel; ky++) {
            const int oy = window.over(row % window.height, ky, window.outHeight);
            for (int kx = 0; oy >= 0 && kx < window.kernel; kx++) {
                const int ox = window.over(i / across, kx, window.outWidth);
                if (ox >= 0) {
                    const long long at = outputs + (oy * window.outWidth + ox) * batch + i % across * WIDTH;
                    const auto winner = load<WIDTH>(winners + at);
                    const auto values = load<WIDTH>(dy + at);
                    for (int k = 0; k < WIDTH; k++) {
                        sum.at[k] += winner.at[k] == ky * window.kernel + kx ? values.at[k] : 0;
                    }
                }
            }
        }
        store(dx + slice(blockIdx.z, window.inputs(batch)) + slice(row, length) + i * WIDTH, sum);
    }
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_max_pool(int members, int channels, int height, int width, int kernel, int stride, int padding,
                                        int batch, const float* x, float* y, uint8_t* winners, void* stream) {
    using namespace espalier;
    if (!validWindow(members, channels, height, width, kernel, stride, padding, batch) || kernel > LARGEST_KERNEL) {
        return ESPALIER_BAD_ARGUMENT;
    }
    const Window window(channels, height, width, kernel, stride, padding);
    return byColumns(batch, [=](auto columns) {
        return LAUNCH((maxPool<decltype(columns)::value>), rowGrid(members, channels, window.outHeight), ROW_THREADS, 0, stream,
                      window, batch, x, y, winners);
    });
}

ESPALIER_HOST_API int espalier_max_pool_gradient(int members, int channels, int height, int width, int kernel, int stride,
                                                 int padding, int batch, const float* dy, const uint8_t* winners, float* dx,
                                                 void* stream) {
    using namespace espalier;
    if (!validWindow(members, channels, height, width, kernel, stride, padding, batch) || kernel > LARGEST_KERNEL) {
        return ESPALIER_BAD_ARGUMENT;
    }
    const Window window(channels, height, width, kernel, stride, padding);
    return byColumns(batch, [=](auto columns) {
        return LAUNCH((maxPoolGradient<decltype(columns)::value>), rowGrid(members, channels, height), ROW_THREADS, 0, stream,
                      window, batch, dy, winners, dx);
    });
}
