#include "cases.h"
#include "gather.h"

namespace driver {

void gatherColumns(Report& report) {
    for (int members : MEMBERS) {
        for (const GatherSize& size : GATHER_SIZES) {
            for (int features : {1, 7, 10}) {
                report.begin("R=%d F=%d C=%d B=%d", members, features, size.examples, size.batch);
                Random random(static_cast<uint64_t>(size.batch));
                const std::vector<float> table = random.reals(static_cast<size_t>(members) * features * size.examples);
                const std::vector<int32_t> indices = random.ints(static_cast<size_t>(members) * size.batch, size.examples);
                std::vector<float> expected;
                for (int r = 0; r < members; r++) {
                    for (int f = 0; f < features; f++) {
                        for (int b = 0; b < size.batch; b++) {
                            expected.push_back(table[(r * features + f) * size.examples + indices[r * size.batch + b]]);
                        }
                    }
                }
                Array<float> out(expected.size());
                report.launched(espalier_gather_columns(members, features, size.examples, size.batch, Array<float>(table),
                                                        Array<int32_t>(indices), out, nullptr));
                report.same("out", out.values(), expected);
            }
        }
    }
    report.begin("no columns");
    report.refused(espalier_gather_columns(1, 1, 0, 1, nullptr, nullptr, nullptr, nullptr));
}

}  // namespace driver
