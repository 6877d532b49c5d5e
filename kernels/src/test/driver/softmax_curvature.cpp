#include "cases.h"
#include "losses.h"

namespace driver {

void softmaxCurvature(Report& report) {
    const auto run = [&](const LossBatch& batch, const std::vector<float>& z, double absolute) {
        Array<float> curvature(z.size());
        report.launched(espalier_softmax_curvature(batch.members, batch.outputs, batch.batch, Array<float>(z), curvature,
                                                   nullptr));
        const std::vector<float> got = curvature.values();
        for (int r = 0; r < batch.members; r++) {
            for (int b = 0; b < batch.batch; b++) {
                const std::vector<double> logs = batch.logSoftmax(z, r, b, 1);
                for (int o = 0; o < batch.outputs; o++) {
                    // 1 - p as the sum of the others.
                    double others = 0;
                    for (int other = 0; other < batch.outputs; other++) {
                        others += other == o ? 0 : std::exp(logs[other]);
                    }
                    const double expected = std::exp(logs[o]) * others / batch.batch;
                    report.close("h", batch.at(r, o, b), got[batch.at(r, o, b)], expected,
                                 UNIT_ROUNDOFF * (16 * expected + absolute));
                }
            }
        }
        return got;
    };
    batches(report, {1}, [&](const LossBatch& batch) { return run(batch, batch.z, 0); });
    batches(report, {100}, [&](const LossBatch& batch) { return run(batch, batch.z, 16); });
    // Where one class is all but sure: differences are multiples of 10, up to 80.
    batches(report, {40}, [&](const LossBatch& batch) {
        std::vector<float> z = batch.z;
        for (float& logit : z) {
            logit = std::rint(logit / 10) * 10;
        }
        return run(batch, z, 0);
    });
    report.begin("no outputs");
    report.refused(espalier_softmax_curvature(1, 0, 1, nullptr, nullptr, nullptr));
}

}  // namespace driver
