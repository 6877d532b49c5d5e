#include "cases.h"
#include "losses.h"

namespace driver {

void countErrors(Report& report) {
    for (const auto& size : LOSS_SIZES) {
        for (int members : MEMBERS) {
            report.begin("R=%d O=%d B=%d", members, size[0], size[1]);
            LossBatch batch(members, size, 1);
            // Few values, so that there are ties; and a column in seven holds a NaN.
            for (float& output : batch.z) {
                output = std::rint(output * 2);
            }
            for (int b = 0; b < batch.batch; b += 7) {
                batch.z[batch.at(members - 1, b % batch.outputs, b)] = NAN;
            }
            std::vector<int32_t> expected;
            for (int r = 0; r < members; r++) {
                expected.push_back(100 * r);
                for (int b = 0; b < batch.batch; b++) {
                    int best = 0;
                    bool broken = false;
                    for (int o = 0; o < batch.outputs; o++) {
                        broken |= std::isnan(batch.z[batch.at(r, o, b)]);
                        best = batch.z[batch.at(r, o, b)] > batch.z[batch.at(r, best, b)] ? o : best;
                    }
                    expected[r] += broken || best != batch.label(r, b);
                }
            }
            std::vector<int32_t> before;
            for (int r = 0; r < members; r++) {
                before.push_back(100 * r);
            }
            Array<int32_t> errors(before);
            report.launched(espalier_count_errors(members, batch.outputs, batch.batch, Array<float>(batch.z),
                                                  Array<int32_t>(batch.labels), errors, nullptr));
            for (int r = 0; r < members; r++) {
                report.same("errors", r, errors.values()[r], expected[r]);
            }
        }
    }
    report.begin("no batch");
    report.refused(espalier_count_errors(1, 1, 0, nullptr, nullptr, nullptr, nullptr));
}

}  // namespace driver
