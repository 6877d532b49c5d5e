#include "cases.h"
#include "draws.h"
#include "products.h"

namespace driver {

namespace {

struct ImagesSize {
    int examples, channels, height, width, batch, shift;
    bool mirrored;
};
constexpr ImagesSize SIZES[] = {{1, 1, 1, 1, 1, 0, false}, {3, 3, 5, 7, 4, 2, true},   {9, 1, 4, 33, 35, 4, false},
                                {5, 2, 3, 32, 64, 0, true}, {4, 3, 8, 8, 31, 20, true}, {7, 3, 32, 32, 5, 4, true}};

int offset(uint32_t word, int shift) { return static_cast<int>(uint64_t(word) * (2 * shift + 1) >> 32) - shift; }

// Every pixel against its source; without seeds images stay where they are.
void check(Report& report, const ImagesSize& size, bool moving) {
    FirstMember first;
    for (int members : MEMBERS) {
        report.begin("R=%d N=%d C=%d %dx%d B=%d shift %d mirrored %d moving %d", members, size.examples, size.channels,
                     size.height, size.width, size.batch, size.shift, size.mirrored, moving);
        const Drops seeds(members, 0.5f, 77);
        const int features = size.channels * size.height * size.width;
        std::vector<uint8_t> bytes(static_cast<size_t>(size.examples) * features);
        Random random(3);
        for (uint8_t& byte : bytes) {
            byte = static_cast<uint8_t>(random.below(256));
        }
        const std::vector<int32_t> chosen = Random(4).ints(static_cast<size_t>(members) * size.batch, size.examples);
        const std::vector<float> mean = contents(5, members, size.channels);
        const std::vector<float> scale = contents(6, members, size.channels);
        Array<uint8_t> data(bytes);
        Array<int32_t> indices(chosen), keys(seeds.keys), steps(seeds.steps);
        Array<float> means(mean), scales(scale), out(static_cast<size_t>(members) * features * size.batch);
        int32_t* const none = nullptr;
        report.launched(espalier_gather_images(members, size.examples, size.channels, size.height, size.width, size.batch, data,
                                               indices, means, scales, moving ? keys : none, moving ? steps : none, size.shift,
                                               size.mirrored, seeds.stream, out, nullptr));
        const std::vector<float> got = out.values();
        for (size_t i = 0; i < got.size(); i++) {
            const int r = static_cast<int>(i / (static_cast<size_t>(features) * size.batch));
            const int b = static_cast<int>(i % size.batch);
            const int pixel = static_cast<int>(i / size.batch % features);
            int x = pixel % size.width;
            int y = pixel / size.width % size.height;
            if (moving) {
                const auto words = philox(&seeds.keys[2 * static_cast<size_t>(r)], b, seeds.steps[r], seeds.stream, 0);
                x = (size.mirrored && words[2] >> 31 ? size.width - 1 - x : x) + offset(words[1], size.shift);
                y += offset(words[0], size.shift);
            }
            const size_t row = static_cast<size_t>(r) * size.channels + pixel / size.width / size.height;
            double expected = 0;
            double absolute = 0;
            if (x >= 0 && x < size.width && y >= 0 && y < size.height) {
                const int source = (pixel / size.width / size.height * size.height + y) * size.width + x;
                const double unit = bytes[static_cast<size_t>(chosen[r * size.batch + b]) * features + source] / 255.0;
                expected = (unit - mean[row]) * scale[row];
                absolute = (unit + std::fabs(mean[row])) * std::fabs(scale[row]);
            }
            report.close("out", i, got[i], expected, 4 * UNIT_ROUNDOFF * absolute);
        }
        first.check(report, "first out", got, members);
    }
}

}  // namespace

void gatherImages(Report& report) {
    for (const ImagesSize& size : SIZES) {
        check(report, size, false);
        check(report, size, true);
    }
    const auto launch = [](int members, int channels, int height, int width, int batch, int shift, const int32_t* keys) {
        return espalier_gather_images(members, 1, channels, height, width, batch, nullptr, nullptr, nullptr, nullptr, keys,
                                      nullptr, shift, 0, 0, nullptr, nullptr);
    };
    report.begin("bad sizes");
    report.refused(launch(0, 1, 1, 1, 1, 0, nullptr));
    report.refused(launch(65536, 1, 1, 1, 1, 0, nullptr));
    report.refused(launch(1, 0, 1, 1, 1, 0, nullptr));
    report.refused(launch(1, 1, 0, 1, 1, 0, nullptr));
    report.refused(launch(1, 1, 1, 0, 1, 0, nullptr));
    report.refused(launch(1, 1, 1, 1, 0, 0, nullptr));
    report.refused(launch(1, 1, 1, 1, 1, -1, nullptr));
    const int32_t key[2] = {1, 2};
    report.begin("seeds without steps");
    report.refused(launch(1, 1, 1, 1, 1, 0, key));
}

}  // namespace driver
