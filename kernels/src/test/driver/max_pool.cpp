#include "cases.h"
#include "images.h"

namespace driver {

namespace {

// Multiples of a half, so that many are equal; here and there a NaN.
std::vector<float> pixels(int members, const WindowSize& size) {
    std::vector<float> x = contents(1, members, size.inputs());
    for (size_t i = 0; i < x.size(); i++) {
        x[i] = i % 23 == 7 ? std::numeric_limits<float>::quiet_NaN() : std::round(4 * x[i]) / 2;
    }
    return x;
}

}  // namespace

void maxPool(Report& report) {
    for (const WindowSize& size : WINDOWS) {
        FirstMember first;
        for (int members : MEMBERS) {
            begin(report, members, size);
            const std::vector<float> x = pixels(members, size);
            const size_t count = static_cast<size_t>(members) * size.outputs();
            Array<float> input(x);
            Array<float> out(count);
            Array<uint8_t> winners(count);
            report.launched(espalier_max_pool(members, size.channels, size.height, size.width, size.kernel, size.stride,
                                              size.padding, size.batch, input, out, winners, nullptr));
            const std::vector<float> y = out.values();
            std::vector<int> winner(count, -1);
            std::vector<float> best(count);
            for (int r = 0; r < members; r++) {
                forPlaces(size, [&](int output, int place, int pixel) {
                    const size_t at = static_cast<size_t>(r) * size.outputs() + output;
                    const float value = pixel < 0 ? 0 : x[static_cast<size_t>(r) * size.inputs() + pixel];
                    const bool more = value > best[at] || (std::isnan(value) && !std::isnan(best[at]));
                    if (pixel >= 0 && (winner[at] < 0 || more)) {
                        winner[at] = place;
                        best[at] = value;
                    }
                });
            }
            report.same("y", y, best);
            report.same("winners", winners.values(), std::vector<uint8_t>(winner.begin(), winner.end()));
            first.check(report, "first y", y, members);
        }
    }
    const auto launch = [](int members, const WindowSize& size) {
        return espalier_max_pool(members, size.channels, size.height, size.width, size.kernel, size.stride, size.padding,
                                 size.batch, nullptr, nullptr, nullptr, nullptr);
    };
    refuseWindows(report, launch);
    report.begin("more places than a byte has numbers");
    report.refused(launch(1, {1, 20, 20, 17, 1, 0, 1}));
}

void maxPoolGradient(Report& report) {
    for (const WindowSize& size : WINDOWS) {
        FirstMember first;
        for (int members : MEMBERS) {
            begin(report, members, size);
            const size_t count = static_cast<size_t>(members) * size.outputs();
            const std::vector<float> dy = contents(2, members, size.outputs());
            // Any place may have won, those in the padding too: the pixels look for themselves only.
            std::vector<uint8_t> winner(count);
            for (size_t i = 0; i < count; i++) {
                winner[i] = static_cast<uint8_t>((i * 7 + i / 5) % size.places());
            }
            Array<float> gradient(dy);
            Array<uint8_t> winners(winner);
            Array<float> dx(static_cast<size_t>(members) * size.inputs());
            report.launched(espalier_max_pool_gradient(members, size.channels, size.height, size.width, size.kernel, size.stride,
                                                       size.padding, size.batch, gradient, winners, dx, nullptr));
            const std::vector<float> got = dx.values();
            std::vector<double> sum(got.size());
            std::vector<double> absolute(got.size());
            for (int r = 0; r < members; r++) {
                forPlaces(size, [&](int output, int place, int pixel) {
                    const size_t at = static_cast<size_t>(r) * size.outputs() + output;
                    if (pixel >= 0 && winner[at] == place) {
                        sum[static_cast<size_t>(r) * size.inputs() + pixel] += dy[at];
                        absolute[static_cast<size_t>(r) * size.inputs() + pixel] += std::fabs(dy[at]);
                    }
                });
            }
            for (size_t i = 0; i < got.size(); i++) {
                report.close("dx", i, got[i], sum[i], sumBound(size.places(), absolute[i]));
            }
            first.check(report, "first dx", got, members);
        }
    }
    refuseWindows(report, [](int members, const WindowSize& size) {
        return espalier_max_pool_gradient(members, size.channels, size.height, size.width, size.kernel, size.stride, size.padding,
                                          size.batch, nullptr, nullptr, nullptr, nullptr);
    });
}

}  // namespace driver
