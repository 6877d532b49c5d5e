#include "cases.h"
#include "draws.h"

namespace driver {

namespace {

struct Golden {
    int examples, batchSize, batch, step;
    // For each of the two golden keys, from io.espalier.random.Shuffle.
    std::vector<int32_t> expected[2];
};

const Golden GOLDEN[] = {
    {1, 1, 1, 0, {{0}, {0}}},
    {2, 2, 2, 3, {{1, 0}, {1, 0}}},
    {5, 5, 5, 2, {{1, 3, 2, 4, 0}, {2, 4, 0, 3, 1}}},
    {97, 10, 10, 23, {{58, 34, 39, 43, 44, 35, 0, 75, 78, 17}, {88, 54, 2, 12, 68, 83, 13, 84, 86, 50}}},
    {97, 10, 7, 19, {{68, 59, 21, 19, 31, 56, 15}, {52, 7, 29, 17, 4, 33, 60}}},
    {60000, 12, 12, 6077,
     {{35130, 52674, 27129, 7898, 22073, 30720, 3796, 26230, 52965, 57616, 2071, 4869},
      {5988, 29000, 25682, 28709, 20419, 8013, 18078, 6951, 38163, 5380, 16922, 55928}}},
    {65537, 16, 16, 8199,
     {{57521, 50399, 51856, 10245, 64590, 59441, 8685, 14190, 58396, 32568, 23047, 19363, 41657, 40800, 51191, 19168},
      {33486, 46285, 48184, 32641, 52779, 40922, 46541, 50565, 46910, 25555, 3913, 6612, 3294, 8405, 57142, 6643}}}};

}  // namespace

void batchIndices(Report& report) {
    for (int members : MEMBERS) {
        for (const Golden& golden : GOLDEN) {
            report.begin("R=%d N=%d B=%d/%d step=%d", members, golden.examples, golden.batch, golden.batchSize, golden.step);
            const Drops seeds(members, 0, 0);
            Array<int32_t> indices(static_cast<size_t>(members) * golden.batch);
            const std::vector<int32_t> steps(static_cast<size_t>(members), golden.step);
            report.launched(espalier_batch_indices(members, golden.examples, golden.batchSize, golden.batch,
                                                   Array<int32_t>(seeds.keys), Array<int32_t>(steps), indices, nullptr));
            const std::vector<int32_t> got = indices.values();
            for (size_t i = 0; i < got.size(); i++) {
                const size_t batch = static_cast<size_t>(golden.batch);
                report.same("indices", i, got[i], golden.expected[i / batch % 2][i % batch]);
            }
        }
    }
    for (int examples : {3, 4, 16, 17, 255, 256, 257, 1000}) {
        report.begin("every example once, N=%d", examples);
        const Drops seeds(1, 0, 0);
        Array<int32_t> indices(static_cast<size_t>(examples));
        report.launched(espalier_batch_indices(1, examples, examples, examples, Array<int32_t>(seeds.keys),
                                               Array<int32_t>(std::vector<int32_t>{4}), indices, nullptr));
        std::vector<int> times(static_cast<size_t>(examples));
        for (int32_t index : indices.values()) {
            const bool inRange = index >= 0 && index < examples;
            report.same("in range", 0, inRange, 1);
            times[inRange ? static_cast<size_t>(index) : 0]++;
        }
        for (size_t i = 0; i < times.size(); i++) {
            report.same("times", i, times[i], 1);
        }
    }
    report.begin("a batch above the number of examples");
    report.refused(espalier_batch_indices(1, 3, 4, 4, nullptr, nullptr, nullptr, nullptr));
}

}  // namespace driver
