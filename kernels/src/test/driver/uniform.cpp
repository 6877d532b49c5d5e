#include "cases.h"
#include "draws.h"

namespace driver {

namespace {

// io.espalier.random.Stream.RANDOM_SALIENCY.at(5)
constexpr int STREAM = 67108869;

// Philox.word(key, position, step, STREAM) >>> 8 by the Java side.
void golden(Report& report) {
    const std::vector<int32_t> positions = {0, 1, 2, 1000000, -1};
    const int32_t expected[2][2][5] = {
        {{11168416, 7446012, 3930021, 8732815, 4875363}, {8226566, 16136373, 3722905, 7889697, 14599938}},
        {{4382492, 12663870, 2253726, 6318015, 1263951}, {5685880, 16118587, 2325213, 14349086, 6027099}}};
    const int32_t steps[2] = {0, 12345};
    for (int k = 0; k < 2; k++) {
        for (int s = 0; s < 2; s++) {
            report.begin("key %d step=%d", k, steps[s]);
            Array<int32_t> key(std::vector<int32_t>(GOLDEN_KEYS[k], GOLDEN_KEYS[k] + 2));
            Array<int32_t> step(std::vector<int32_t>{steps[s]});
            Array<float> out(positions.size());
            report.launched(espalier_uniform(1, 5, key, step, STREAM, Array<int32_t>(positions), out, nullptr));
            const std::vector<float> got = out.values();
            for (size_t i = 0; i < positions.size(); i++) {
                report.close("out", i, got[i], expected[k][s][i] * 0x1p-24, 0);
            }
        }
    }
}

}  // namespace

void uniform(Report& report) {
    golden(report);
    for (int members : MEMBERS) {
        for (int elements : {1, 4, 31, 1023, 1024, 1028}) {
            report.begin("R=%d n=%d", members, elements);
            Random random(static_cast<uint64_t>(elements));
            const std::vector<int32_t> keys = random.ints(static_cast<size_t>(members) * 2, INT32_MAX);
            const std::vector<int32_t> steps = random.ints(static_cast<size_t>(members), 1000);
            const std::vector<int32_t> positions = random.ints(static_cast<size_t>(members) * elements, INT32_MAX);
            Array<float> out(positions.size());
            report.launched(espalier_uniform(members, elements, Array<int32_t>(keys), Array<int32_t>(steps), STREAM,
                                             Array<int32_t>(positions), out, nullptr));
            const std::vector<float> got = out.values();
            for (size_t i = 0; i < got.size(); i++) {
                const size_t r = i / static_cast<size_t>(elements);
                const uint32_t word = philox(&keys[2 * r], positions[i], steps[r], STREAM, 0)[0];
                report.close("out", i, got[i], (word >> 8) * 0x1p-24, 0);
            }
        }
    }
    report.begin("no elements");
    report.refused(espalier_uniform(1, 0, nullptr, nullptr, STREAM, nullptr, nullptr, nullptr));
}

}  // namespace driver
