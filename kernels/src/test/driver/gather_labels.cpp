#include "cases.h"
#include "gather.h"

namespace driver {

void gatherLabels(Report& report) {
    for (int members : MEMBERS) {
        for (const GatherSize& size : GATHER_SIZES) {
            report.begin("R=%d N=%d B=%d", members, size.examples, size.batch);
            Random random(static_cast<uint64_t>(size.batch));
            const std::vector<int32_t> labels = random.ints(static_cast<size_t>(size.examples), 10);
            const std::vector<int32_t> indices = random.ints(static_cast<size_t>(members) * size.batch, size.examples);
            Array<int32_t> out(indices.size());
            report.launched(espalier_gather_labels(members, size.examples, size.batch, Array<int32_t>(labels),
                                                   Array<int32_t>(indices), out, nullptr));
            const std::vector<int32_t> got = out.values();
            for (size_t i = 0; i < got.size(); i++) {
                report.same("out", i, got[i], labels[static_cast<size_t>(indices[i])]);
            }
        }
    }
    report.begin("no batch");
    report.refused(espalier_gather_labels(1, 1, 0, nullptr, nullptr, nullptr, nullptr));
}

}  // namespace driver
