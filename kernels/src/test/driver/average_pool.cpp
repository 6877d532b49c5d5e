#include "cases.h"
#include "images.h"

namespace driver {

namespace {

constexpr float SCALE = 0.3f;

// Sums over the windows, or back over the pixels, against the kernel's.
void check(Report& report, bool back) {
    for (const WindowSize& size : WINDOWS) {
        FirstMember first;
        for (int members : MEMBERS) {
            begin(report, members, size);
            const size_t perFrom = back ? size.outputs() : size.inputs();
            const size_t perTo = back ? size.inputs() : size.outputs();
            const std::vector<float> from = contents(1, members, perFrom);
            Array<float> input(from);
            Array<float> out(members * perTo);
            const auto kernel = back ? espalier_average_pool_gradient : espalier_average_pool;
            report.launched(kernel(members, size.channels, size.height, size.width, size.kernel, size.stride, size.padding,
                                   size.batch, SCALE, input, out, nullptr));
            const std::vector<float> got = out.values();
            std::vector<double> sum(got.size());
            std::vector<double> absolute(got.size());
            for (int r = 0; r < members; r++) {
                forPlaces(size, [&](int output, int, int pixel) {
                    if (pixel >= 0) {
                        const double value = double(SCALE) * from[r * perFrom + (back ? output : pixel)];
                        sum[r * perTo + (back ? pixel : output)] += value;
                        absolute[r * perTo + (back ? pixel : output)] += std::fabs(value);
                    }
                });
            }
            for (size_t i = 0; i < got.size(); i++) {
                report.close("out", i, got[i], sum[i], sumBound(size.places(), absolute[i]));
            }
            first.check(report, "first out", got, members);
        }
    }
}

}  // namespace

void averagePool(Report& report) {
    check(report, false);
    refuseWindows(report, [](int members, const WindowSize& size) {
        return espalier_average_pool(members, size.channels, size.height, size.width, size.kernel, size.stride, size.padding,
                                     size.batch, SCALE, nullptr, nullptr, nullptr);
    });
}

void averagePoolGradient(Report& report) {
    check(report, true);
    refuseWindows(report, [](int members, const WindowSize& size) {
        return espalier_average_pool_gradient(members, size.channels, size.height, size.width, size.kernel, size.stride,
                                              size.padding, size.batch, SCALE, nullptr, nullptr, nullptr);
    });
}

}  // namespace driver
