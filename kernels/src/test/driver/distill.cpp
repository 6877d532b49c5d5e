#include "cases.h"
#include "losses.h"

namespace driver {

void distill(Report& report) {
    for (float temperature : {0.5f, 1.0f, 4.0f}) {
        for (float weight : {0.0f, 0.7f, 1.0f}) {
            batches(report, {1}, [&](const LossBatch& batch) {
                const std::vector<float> teacher = batch.logits(3, 2);
                std::vector<float> ts, ws;
                for (int r = 0; r < batch.members; r++) {
                    ts.push_back(temperature / static_cast<float>(r + 1));
                    ws.push_back(weight / static_cast<float>(r + 1));
                }
                Array<float> gradient(batch.z.size()), loss(std::vector<float>(batch.members, BEFORE));
                report.launched(espalier_distill(batch.members, batch.outputs, batch.batch, Array<float>(batch.z),
                                                 Array<int32_t>(batch.labels), Array<float>(teacher), Array<float>(ts),
                                                 Array<float>(ws), gradient, loss, nullptr));
                const std::vector<float> got = gradient.values(), total = loss.values();
                const double terms = 16 * std::pow(std::fmax(1.0f, temperature), 2);
                for (int r = 0; r < batch.members; r++) {
                    const double t = ts[r], w = ws[r];
                    double expected = BEFORE;
                    for (int b = 0; b < batch.batch; b++) {
                        const std::vector<double> hard = batch.logSoftmax(batch.z, r, b, 1);
                        const std::vector<double> soft = batch.logSoftmax(batch.z, r, b, t);
                        const std::vector<double> taught = batch.logSoftmax(teacher, r, b, t);
                        expected -= (1 - w) * hard[batch.label(r, b)];
                        for (int o = 0; o < batch.outputs; o++) {
                            const double q = std::exp(taught[o]);
                            expected += w * t * t * q * (taught[o] - soft[o]);
                            const double miss = std::exp(hard[o]) - (o == batch.label(r, b));
                            const double slope = ((1 - w) * miss + w * t * (std::exp(soft[o]) - q)) / batch.batch;
                            report.close("dz", batch.at(r, o, b), got[batch.at(r, o, b)], slope, batch.bound(slope, terms));
                        }
                    }
                    report.close("loss", r, total[r], expected, batch.bound(expected, terms));
                }
                return got;
            });
        }
    }
    report.begin("no batch");
    report.refused(espalier_distill(1, 1, 0, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr));
}

}  // namespace driver
