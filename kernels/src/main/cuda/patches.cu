// What every window sees, as columns of a matrix: a convolution is then a product, and its gradient by the images the sum of what
// the windows that cover a pixel send back. That sum is gathered by the pixel, in the order of its places in the windows.
#include "window.cuh"

namespace espalier {
namespace {

template <int WIDTH>
__global__ void patches(Window window, int batch, const float* __restrict__ x, float* __restrict__ out) {
    // One row of outputs at one place of the kernel; blocks are in the order of the rows.
    const int row = blockIdx.x;
    const int place = row / window.outHeight;
    const int kx = place % window.kernel;
    const int ky = place / window.kernel % window.kernel;
    const int channel = place / window.kernel / window.kernel;
    const int y = row % window.outHeight * window.stride + ky - window.padding;
    const bool inside = y >= 0 && y < window.height;
    const int length = window.outWidth * batch;
    out += slice(blockIdx.z, window.outputs(batch) * window.kernel * window.kernel) + slice(row, length);
    x += slice(blockIdx.z, window.inputs(batch)) + (inside ? slice(channel * window.height + y, window.width * batch) : 0);
    const int across = batch / WIDTH;
    for (int i = threadIdx.x; i < length / WIDTH; i += ROW_THREADS) {
        const int column = i / across * window.stride + kx - window.padding;
        Several<float, WIDTH> values = {};
        if (inside && column >= 0 && column < window.width) {
            values = load<WIDTH>(x + column * batch + i % across * WIDTH);
        }
        store(out + i * WIDTH, values);
    }
}

template <int WIDTH>
__global__ void foldPatches(Window window, int batch, const float* __restrict__ patches, float* __restrict__ out) {
    const int row = blockIdx.x;
    const int channel = row / window.height;
    const int places = window.kernel * window.kernel;
    const int perPlace = window.outHeight * window.outWidth * batch;
    const int length = window.width * batch;
    patches += slice(blockIdx.z, window.outputs(batch) * places) + slice(channel * places, perPlace);
    out += slice(blockIdx.z, window.inputs(batch)) + slice(row, length);
    const int across = batch / WIDTH;
    for (int i = threadIdx.x; i < length / WIDTH; i += ROW_THREADS) {
        Several<float, WIDTH> sum = {};
        for (int ky = 0; ky < window.kernel; ky++) {
            const int oy = window.over(row % window.height, ky, window.outHeight);
            for (int kx = 0; oy >= 0 && kx < window.kernel; kx++) {
                const int ox = window.over(i / across, kx, window.outWidth);
                if (ox >= 0) {
                    const int at = (oy * window.outWidth + ox) * batch + i % across * WIDTH;
                    const auto values = load<WIDTH>(patches + slice(ky * window.kernel + kx, perPlace) + at);
                    for (int k = 0; k < WIDTH; k++) {
                        sum.at[k] += values.at[k];
                    }
                }
            }
        }
        store(out + i * WIDTH, sum);
    }
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_patches(int members, int channels, int height, int width, int kernel, int stride, int padding,
                                       int batch, const float* x, float* out, void* stream) {
    using namespace espalier;
    if (!validWindow(members, channels, height, width, kernel, stride, padding, batch)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    const Window window(channels, height, width, kernel, stride, padding);
    const dim3 grid = rowGrid(members, channels * kernel * kernel, window.outHeight);
    return byColumns(batch, [=](auto columns) {
        return LAUNCH((patches<decltype(columns)::value>), grid, ROW_THREADS, 0, stream, window, batch, x, out);
    });
}

ESPALIER_HOST_API int espalier_fold_patches(int members, int channels, int height, int width, int kernel, int stride, int padding,
                                            int batch, const float* patches, float* out, void* stream) {
    using namespace espalier;
    if (!validWindow(members, channels, height, width, kernel, stride, padding, batch)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    const Window window(channels, height, width, kernel, stride, padding);
    return byColumns(batch, [=](auto columns) {
        return LAUNCH((foldPatches<decltype(columns)::value>), rowGrid(members, channels, height), ROW_THREADS, 0, stream, window,
                      batch, patches, out);
    });
}
