#include "cases.h"
#include "images.h"

namespace driver {

namespace {

// Where a member's patches have what this output sees at a place: (channel, place) is the row, window and image the column.
size_t patch(const WindowSize& size, int output, int place) {
    const int perPlace = size.outHeight() * size.outWidth() * size.batch;
    return (static_cast<size_t>(output / perPlace) * size.places() + place) * perPlace + output % perPlace;
}

}  // namespace

void patches(Report& report) {
    for (const WindowSize& size : WINDOWS) {
        FirstMember first;
        for (int members : MEMBERS) {
            begin(report, members, size);
            const std::vector<float> x = contents(1, members, size.inputs());
            const size_t perMember = static_cast<size_t>(size.outputs()) * size.places();
            Array<float> input(x);
            Array<float> out(members * perMember);
            report.launched(espalier_patches(members, size.channels, size.height, size.width, size.kernel, size.stride,
                                             size.padding, size.batch, input, out, nullptr));
            const std::vector<float> got = out.values();
            std::vector<float> expected(got.size());
            for (int r = 0; r < members; r++) {
                forPlaces(size, [&](int output, int place, int pixel) {
                    expected[r * perMember + patch(size, output, place)] =
                        pixel < 0 ? 0 : x[static_cast<size_t>(r) * size.inputs() + pixel];
                });
            }
            report.same("out", got, expected);
            first.check(report, "first out", got, members);
        }
    }
    refuseWindows(report, [](int members, const WindowSize& size) {
        return espalier_patches(members, size.channels, size.height, size.width, size.kernel, size.stride, size.padding,
                                size.batch, nullptr, nullptr, nullptr);
    });
}

void foldPatches(Report& report) {
    for (const WindowSize& size : WINDOWS) {
        FirstMember first;
        for (int members : MEMBERS) {
            begin(report, members, size);
            const size_t perMember = static_cast<size_t>(size.outputs()) * size.places();
            const std::vector<float> sent = contents(2, members, perMember);
            Array<float> patches(sent);
            Array<float> out(static_cast<size_t>(members) * size.inputs());
            report.launched(espalier_fold_patches(members, size.channels, size.height, size.width, size.kernel, size.stride,
                                                  size.padding, size.batch, patches, out, nullptr));
            const std::vector<float> got = out.values();
            std::vector<double> sum(got.size());
            std::vector<double> absolute(got.size());
            for (int r = 0; r < members; r++) {
                forPlaces(size, [&](int output, int place, int pixel) {
                    if (pixel >= 0) {
                        const double value = sent[r * perMember + patch(size, output, place)];
                        sum[static_cast<size_t>(r) * size.inputs() + pixel] += value;
                        absolute[static_cast<size_t>(r) * size.inputs() + pixel] += std::fabs(value);
                    }
                });
            }
            for (size_t i = 0; i < got.size(); i++) {
                report.close("out", i, got[i], sum[i], sumBound(size.places(), absolute[i]));
            }
            first.check(report, "first out", got, members);
        }
    }
    refuseWindows(report, [](int members, const WindowSize& size) {
        return espalier_fold_patches(members, size.channels, size.height, size.width, size.kernel, size.stride, size.padding,
                                     size.batch, nullptr, nullptr, nullptr);
    });
}

}  // namespace driver
