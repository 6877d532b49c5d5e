#include "alone.h"
#include "cases.h"
#include "draws.h"

namespace driver {

namespace {

// io.espalier.random.Stream.DROPOUT.at(3)
constexpr int STREAM = 50331651;

std::vector<float> dropped(Report& report, int features, int batch, const std::vector<float>& x, const Drops& drops) {
    Array<float> values(x);
    Array<int32_t> units(drops.units);
    report.launched(espalier_dropout(static_cast<int>(drops.rates.size()), features, batch, values, Array<int32_t>(drops.keys),
                                     Array<int32_t>(drops.steps), Array<float>(drops.rates),
                                     drops.units.empty() ? nullptr : static_cast<int32_t*>(units), STREAM, nullptr));
    return values.values();
}

struct Golden {
    int key;
    float rate, scale;
    // Bit b: column b survives; of units 0 and 9.
    uint64_t survivors[2];
};

// io.espalier.backend.Dropout at step 777, 50 columns.
constexpr Golden GOLDEN[] = {{0, 0.25f, 0x1.555556p0f, {0x33bfaf7febdfc, 0x17fcbcfeb3ffe}},
                             {0, 0.5f, 2, {0x123f8c1949518, 0x17bcb8cab2dcc}},
                             {0, 0.1f, 0x1.1c7246p0f, {0x37ffef7fffffd, 0x3ffdfcffbfffe}},
                             {1, 0.25f, 0x1.555556p0f, {0x3fef57f7ffdfd, 0x2f3beef7bf9db}},
                             {1, 0.5f, 2, {0x2fec45c7f69bd, 0x2839ca37b79d9}},
                             {1, 0.1f, 0x1.1c7246p0f, {0x3fef7ffffffff, 0x3fffffffffffb}}};

void golden(Report& report) {
    constexpr int BATCH = 50;
    for (const Golden& golden : GOLDEN) {
        report.begin("key %d rate=%g", golden.key, golden.rate);
        Drops drops(1, golden.rate, STREAM);
        drops.keys = {GOLDEN_KEYS[golden.key][0], GOLDEN_KEYS[golden.key][1]};
        const std::vector<float> got = dropped(report, 10, BATCH, std::vector<float>(10 * BATCH, 1), drops);
        for (size_t b = 0; b < BATCH; b++) {
            report.close("unit 0", b, got[b], golden.survivors[0] >> b & 1 ? golden.scale : 0, 0);
            report.close("unit 9", b, got[9 * BATCH + b], golden.survivors[1] >> b & 1 ? golden.scale : 0, 0);
        }
    }
}

}  // namespace

void dropout(Report& report) {
    golden(report);
    constexpr int SIZES[][2] = {{1, 1}, {7, 5}, {33, 31}, {31, 33}, {40, 65}, {9, 200}, {65, 8}, {70, 128}};
    for (const auto& size : SIZES) {
        // The last drops all.
        for (float rate : {0.0f, 0.25f, 0.999999f}) {
            for (bool shrunk : {false, true}) {
                Alone<float> alone;
                for (int members : MEMBERS) {
                    report.begin("R=%d F=%d B=%d rate=%g%s", members, size[0], size[1], rate, shrunk ? " shrunk" : "");
                    Drops drops(members, rate, STREAM);
                    if (shrunk) {
                        drops.shrink(size[0]);
                    }
                    const std::vector<float> x = Random(1).reals(static_cast<size_t>(members) * size[0] * size[1]);
                    const std::vector<float> got = dropped(report, size[0], size[1], x, drops);
                    for (size_t i = 0; i < got.size(); i++) {
                        const int r = static_cast<int>(i / size[0] / size[1]), row = static_cast<int>(i / size[1] % size[0]);
                        const bool survives = drops.survives(r, row, static_cast<int>(i % size[1]));
                        const double expected = survives ? x[i] * drops.scale(r) : 0;
                        report.close("x", i, got[i], expected, 2 * UNIT_ROUNDOFF * std::fabs(expected));
                    }
                    alone.check(report, "member 0 of x", got);
                }
            }
        }
    }
    report.begin("no rate");
    report.refused(espalier_dropout(1, 1, 1, nullptr, nullptr, nullptr, nullptr, nullptr, STREAM, nullptr));
}

}  // namespace driver
