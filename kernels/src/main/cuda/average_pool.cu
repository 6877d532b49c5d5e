// The scaled sum of every window, and its transpose, which the pixels gather in the order of their places in the windows.
#include "window.cuh"

namespace espalier {
namespace {

template <int WIDTH>
__device__ void add(const float* from, Several<float, WIDTH>& sum) {
    const auto values = load<WIDTH>(from);
    for (int k = 0; k < WIDTH; k++) {
        sum.at[k] += values.at[k];
    }
}

template <int WIDTH>
__device__ void storeScaled(float scale, Several<float, WIDTH> sum, float* to) {
    for (float& value : sum.at) {
        value *= scale;
    }
    store(to, sum);
}

template <int WIDTH>
__global__ void averagePool(Window window, int batch, float scale, const float* __restrict__ x, float* __restrict__ y) {
    const int row = blockIdx.x;
    const int top = row % window.outHeight * window.stride - window.padding;
    const int length = window.outWidth * batch;
    x += slice(blockIdx.z, window.inputs(batch)) + slice(row / window.outHeight, window.height * window.width * batch);
    y += slice(blockIdx.z, window.outputs(batch)) + slice(row, length);
    const int across = batch / WIDTH;
    for (int i = threadIdx.x; i < length / WIDTH; i += ROW_THREADS) {
        const int left = i / across * window.stride - window.padding;
        Several<float, WIDTH> sum = {};
        for (int ky = max(0, -top); ky < window.kernel && top + ky < window.height; ky++) {
            for (int kx = max(0, -left); kx < window.kernel && left + kx < window.width; kx++) {
                add(x + ((top + ky) * window.width + left + kx) * batch + i % across * WIDTH, sum);
            }
        }
        storeScaled(scale, sum, y + i * WIDTH);
    }
}

template <int WIDTH>
__global__ void averagePoolGradient(Window window, int batch, float scale, const float* __restrict__ dy, float* __restrict__ dx) {
    const int row = blockIdx.x;
    const int length = window.width * batch;
    dy += slice(blockIdx.z, window.outputs(batch)) + slice(row / window.height, window.outHeight * window.outWidth * batch);
    dx += slice(blockIdx.z, window.inputs(batch)) + slice(row, length);
    const int across = batch / WIDTH;
    for (int i = threadIdx.x; i < length / WIDTH; i += ROW_THREADS) {
        Several<float, WIDTH> sum = {};
        for (int ky = 0; ky < window.kernel; ky++) {
            const int oy = window.over(row % window.height, ky, window.outHeight);
            for (int kx = 0; oy >= 0 && kx < window.kernel; kx++) {
                const int ox = window.over(i / across, kx, window.outWidth);
                if (ox >= 0) {
                    add(dy + (oy * window.outWidth + ox) * batch + i % across * WIDTH, sum);
                }
            }
        }
        storeScaled(scale, sum, dx + i * WIDTH);
    }
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_average_pool(int members, int channels, int height, int width, int kernel, int stride, int padding,
                                            int batch, float scale, const float* x, float* y, void* stream) {
    using namespace espalier;
    if (!validWindow(members, channels, height, width, kernel, stride, padding, batch)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    const Window window(channels, height, width, kernel, stride, padding);
    return byColumns(batch, [=](auto columns) {
        return LAUNCH((averagePool<decltype(columns)::value>), rowGrid(members, channels, window.outHeight), ROW_THREADS, 0,
                      stream, window, batch, scale, x, y);
    });
}

ESPALIER_HOST_API int espalier_average_pool_gradient(int members, int channels, int height, int width, int kernel, int stride,
                                                     int padding, int batch, float scale, const float* dy, float* dx,
                                                     void* stream) {
    using namespace espalier;
    if (!validWindow(members, channels, height, width, kernel, stride, padding, batch)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    const Window window(channels, height, width, kernel, stride, padding);
    return byColumns(batch, [=](auto columns) {
        return LAUNCH((averagePoolGradient<decltype(columns)::value>), rowGrid(members, channels, height), ROW_THREADS, 0, stream,
                      window, batch, scale, dy, dx);
    });
}
