// What the cases of losses share: batches of outputs with labels, and the softmax in double.
#pragma once

#include "alone.h"

namespace driver {

constexpr int LOSS_SIZES[][2] = {{1, 1}, {2, 31}, {10, 50}, {10, 128}, {13, 33}, {3, 257}, {101, 32}};

// What a loss starts from: it is added to.
constexpr float BEFORE = 0.5f;

struct LossBatch {
    int members, outputs, batch;
    std::vector<float> z;
    std::vector<int32_t> labels;

    LossBatch(int members, const int (&size)[2], float range) : members(members), outputs(size[0]), batch(size[1]) {
        z = logits(1, range);
        labels = Random(2).ints(static_cast<size_t>(members) * batch, outputs);
    }

    std::vector<float> logits(uint64_t seed, float range) const {
        std::vector<float> values = Random(seed).reals(static_cast<size_t>(members) * outputs * batch);
        for (float& logit : values) {
            logit *= range;
        }
        return values;
    }
    size_t at(int r, int o, int b) const { return (static_cast<size_t>(r) * outputs + o) * batch + b; }
    int label(int r, int b) const { return labels[static_cast<size_t>(r) * batch + b]; }
    // log p of column b at temperature t.
    std::vector<double> logSoftmax(const std::vector<float>& logits, int r, int b, double t) const {
        double largest = -INFINITY, sum = 0;
        for (int o = 0; o < outputs; o++) {
            largest = std::fmax(largest, logits[at(r, o, b)] / t);
        }
        for (int o = 0; o < outputs; o++) {
            sum += std::exp(logits[at(r, o, b)] / t - largest);
        }
        std::vector<double> logs;
        for (int o = 0; o < outputs; o++) {
            logs.push_back(logits[at(r, o, b)] / t - largest - std::log(sum));
        }
        return logs;
    }
    // What the loss of a member must come to, and the bound for it and its gradient.
    double bound(double expected, double terms) const {
        return UNIT_ROUNDOFF * (16 * std::fabs(expected) + terms * std::sqrt(double(batch)) * outputs);
    }
};

template <typename Body>
void batches(Report& report, std::initializer_list<float> ranges, Body body) {
    for (const auto& size : LOSS_SIZES) {
        for (float range : ranges) {
            Alone<float> alone;
            for (int members : MEMBERS) {
                report.begin("R=%d O=%d B=%d |z| < %g", members, size[0], size[1], range);
                alone.check(report, "member 0", body(LossBatch(members, size, range)));
            }
        }
    }
}

}  // namespace driver
