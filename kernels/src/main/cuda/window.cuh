// Windows that step over images of shape (channels, height, width), the batch innermost. A block works on one row of pixels of
// one channel: where it is costs divisions only once, its accesses run along the row, and what a pixel gathers has a fixed order.
#pragma once

#include "several.cuh"

namespace espalier {

constexpr int ROW_THREADS = 128;

struct Window {
    int channels, height, width, kernel, stride, padding, outHeight, outWidth;

    Window(int channels, int height, int width, int kernel, int stride, int padding)
        : channels(channels),
          height(height),
          width(width),
          kernel(kernel),
          stride(stride),
          padding(padding),
          outHeight((height + 2 * padding - kernel) / stride + 1),
          outWidth((width + 2 * padding - kernel) / stride + 1) {}

    // Numbers of a member's images before and after.
    __host__ __device__ long long inputs(int batch) const { return static_cast<long long>(channels) * height * width * batch; }
    __host__ __device__ long long outputs(int batch) const {
        return static_cast<long long>(channels) * outHeight * outWidth * batch;
    }

    // The output whose window has this row or column of pixels at this place of the kernel, or -1 if there is none among `outs`.
    __device__ int over(int pixel, int place, int outs) const {
        const int start = pixel + padding - place;
        return start < 0 || start % stride != 0 || start / stride >= outs ? -1 : start / stride;
    }
};

// Whether every window has a pixel in it, and there is a window.
inline bool validWindow(int members, int channels, int height, int width, int kernel, int stride, int padding, int batch) {
    return members >= 1 && members <= MAX_MEMBERS && channels >= 1 && height >= 1 && width >= 1 && kernel >= 1 && stride >= 1 &&
           padding >= 0 && padding < kernel && kernel - height <= 2LL * padding && kernel - width <= 2LL * padding && batch >= 1;
}

inline dim3 rowGrid(int members, int channels, int rows) { return dim3(channels * rows, 1, members); }

}  // namespace espalier
