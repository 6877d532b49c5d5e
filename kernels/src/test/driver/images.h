// What the cases of windows share: awkward images, and which pixel a window has at a place.
#pragma once

#include "products.h"

namespace driver {

struct WindowSize {
    int channels, height, width, kernel, stride, padding, batch;

    int outHeight() const { return (height + 2 * padding - kernel) / stride + 1; }
    int outWidth() const { return (width + 2 * padding - kernel) / stride + 1; }
    int inputs() const { return channels * height * width * batch; }
    int outputs() const { return channels * outHeight() * outWidth() * batch; }
    int places() const { return kernel * kernel; }

    // Where image b of a member has the pixel that window (oy, ox) of channel c sees at (ky, kx); -1 in the padding.
    int pixel(int c, int oy, int ox, int ky, int kx, int b) const {
        const int y = oy * stride + ky - padding;
        const int x = ox * stride + kx - padding;
        return y < 0 || y >= height || x < 0 || x >= width ? -1 : ((c * height + y) * width + x) * batch + b;
    }
};

// One pixel; padding on all sides; odd sizes at stride 2, with and without what is left at the border; windows wider than the
// image, apart from each other, of one pixel, of a whole image; batches that four divides or does not.
constexpr WindowSize WINDOWS[] = {{1, 1, 1, 1, 1, 0, 1}, {2, 5, 5, 3, 1, 1, 4},    {3, 7, 6, 3, 2, 1, 5},  {2, 6, 7, 3, 2, 0, 8},
                                  {1, 4, 4, 5, 3, 2, 3}, {2, 9, 8, 2, 3, 0, 7},    {1, 5, 8, 1, 2, 0, 4},
                                  {4, 12, 12, 5, 1, 0, 33}, {2, 8, 8, 8, 8, 0, 12}, {3, 6, 6, 2, 2, 0, 64}};

// Calls body(output, place, pixel, b...) for every place of every window: the numbers of output and pixel in a member's slice.
template <typename Body>
void forPlaces(const WindowSize& size, Body body) {
    int output = 0;
    for (int c = 0; c < size.channels; c++) {
        for (int oy = 0; oy < size.outHeight(); oy++) {
            for (int ox = 0; ox < size.outWidth(); ox++) {
                for (int b = 0; b < size.batch; b++, output++) {
                    for (int place = 0; place < size.places(); place++) {
                        body(output, place, size.pixel(c, oy, ox, place / size.kernel, place % size.kernel, b));
                    }
                }
            }
        }
    }
}

inline void begin(Report& report, int members, const WindowSize& size) {
    report.begin("R=%d C=%d %dx%d k=%d s=%d p=%d B=%d", members, size.channels, size.height, size.width, size.kernel, size.stride,
                 size.padding, size.batch);
}

// Sizes that no windowed kernel accepts, given to `launch`.
template <typename Launch>
void refuseWindows(Report& report, Launch launch) {
    report.begin("bad windows");
    report.refused(launch(0, WindowSize{1, 4, 4, 2, 1, 0, 1}));
    report.refused(launch(65536, WindowSize{1, 4, 4, 2, 1, 0, 1}));
    constexpr WindowSize BAD[] = {{0, 4, 4, 2, 1, 0, 1}, {1, 0, 4, 1, 1, 0, 1}, {1, 4, 4, 5, 1, 0, 1},
                                  {1, 8, 4, 5, 1, 0, 1}, {1, 4, 4, 0, 1, 0, 1}, {1, 4, 4, 2, 0, 0, 1},
                                  {1, 4, 4, 2, 1, 2, 1}, {1, 4, 4, 2, 1, -1, 1}, {1, 4, 4, 2, 1, 0, 0}};
    for (const WindowSize& bad : BAD) {
        report.refused(launch(1, bad));
    }
}

}  // namespace driver
