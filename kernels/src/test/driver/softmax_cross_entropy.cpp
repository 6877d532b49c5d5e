#include "cases.h"
#include "losses.h"

namespace driver {

void softmaxCrossEntropy(Report& report) {
    batches(report, {1, 100}, [&](const LossBatch& batch) {
        Array<float> gradient(batch.z.size()), loss(std::vector<float>(batch.members, BEFORE));
        report.launched(espalier_softmax_cross_entropy(batch.members, batch.outputs, batch.batch, Array<float>(batch.z),
                                                       Array<int32_t>(batch.labels), gradient, loss, nullptr));
        const std::vector<float> got = gradient.values(), total = loss.values();
        for (int r = 0; r < batch.members; r++) {
            double expected = BEFORE;
            for (int b = 0; b < batch.batch; b++) {
                const std::vector<double> logs = batch.logSoftmax(batch.z, r, b, 1);
                expected -= logs[batch.label(r, b)];
                for (int o = 0; o < batch.outputs; o++) {
                    const double slope = (std::exp(logs[o]) - (o == batch.label(r, b))) / batch.batch;
                    report.close("dz", batch.at(r, o, b), got[batch.at(r, o, b)], slope, batch.bound(slope, 4));
                }
            }
            report.close("loss", r, total[r], expected, batch.bound(expected, 4));
        }
        return got;
    });
    // Nearly all is known: what is left must have digits of its own.
    report.begin("a sure answer");
    Array<float> z(std::vector<float>{-20, 10, -25}), gradient(3), loss(std::vector<float>{0});
    report.launched(espalier_softmax_cross_entropy(1, 3, 1, z, Array<int32_t>(std::vector<int32_t>{1}), gradient, loss, nullptr));
    const double rest = std::exp(-30.0) + std::exp(-35.0);
    report.close("loss", 0, loss.values()[0], rest, 16 * UNIT_ROUNDOFF * rest);
    report.close("dz", 1, gradient.values()[1], -rest, 16 * UNIT_ROUNDOFF * rest);
    report.begin("NaN stays");
    Array<float> broken(std::vector<float>{0, NAN}), unsure(2), lost(std::vector<float>{0});
    Array<int32_t> first(std::vector<int32_t>{0});
    report.launched(espalier_softmax_cross_entropy(1, 2, 1, broken, first, unsure, lost, nullptr));
    report.same("NaN", 0, std::isnan(lost.values()[0]) && std::isnan(unsure.values()[0]), 1);
    report.begin("no outputs");
    report.refused(espalier_softmax_cross_entropy(1, 0, 1, nullptr, nullptr, nullptr, nullptr, nullptr));
}

}  // namespace driver
