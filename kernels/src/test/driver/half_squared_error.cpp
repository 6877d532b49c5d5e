#include "cases.h"
#include "losses.h"

namespace driver {

void halfSquaredError(Report& report) {
    batches(report, {1}, [&](const LossBatch& batch) {
        Array<float> gradient(batch.z.size()), loss(std::vector<float>(batch.members, BEFORE));
        report.launched(espalier_half_squared_error(batch.members, batch.outputs, batch.batch, Array<float>(batch.z),
                                                    Array<int32_t>(batch.labels), gradient, loss, nullptr));
        const std::vector<float> got = gradient.values(), total = loss.values();
        for (int r = 0; r < batch.members; r++) {
            double expected = BEFORE;
            for (int b = 0; b < batch.batch; b++) {
                for (int o = 0; o < batch.outputs; o++) {
                    const double difference = batch.z[batch.at(r, o, b)] - double(o == batch.label(r, b));
                    const double slope = difference / batch.batch;
                    expected += difference * difference / 2;
                    report.close("da", batch.at(r, o, b), got[batch.at(r, o, b)], slope, batch.bound(slope, 4));
                }
            }
            report.close("loss", r, total[r], expected, batch.bound(expected, 4));
        }
        return got;
    });
    report.begin("no members");
    report.refused(espalier_half_squared_error(0, 1, 1, nullptr, nullptr, nullptr, nullptr, nullptr));
}

}  // namespace driver
