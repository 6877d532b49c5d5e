#include "alone.h"
#include "cases.h"

namespace driver {

namespace {

// What the members share of a step; their learning rates differ.
constexpr float MOMENTUM = 0.9f;

float learningRate(int r) { return 0.1f / static_cast<float>(r + 1); }

// density < 0: no mask.
void step(Report& report, int members, int elements, double density, float penalty, Alone<float>& alone) {
    const size_t size = static_cast<size_t>(members) * elements;
    std::vector<float> w(size);
    Random weights(1), gradients(2), velocities(3), masks(4);
    for (float& weight : w) {
        weight = static_cast<float>(weights.below(9) - 4) / 4;
    }
    const std::vector<float> g = gradients.reals(size);
    const std::vector<float> v = velocities.reals(size);
    const std::vector<uint8_t> mask = masks.bytes(size, density);
    std::vector<float> rates;
    for (int r = 0; r < members; r++) {
        rates.push_back(learningRate(r));
    }
    const float l1 = penalty, l2 = 2 * penalty;
    const std::vector<float> momentum(rates.size(), MOMENTUM), l1s(rates.size(), l1), l2s(rates.size(), l2);
    Array<float> weight(w), velocity(v);
    Array<uint8_t> alive(mask);
    report.launched(espalier_sgd(members, elements, weight, Array<float>(g), velocity,
                                 density < 0 ? nullptr : static_cast<uint8_t*>(alive), Array<float>(rates),
                                 Array<float>(momentum), Array<float>(l1s), Array<float>(l2s), nullptr));
    const std::vector<float> gotW = weight.values(), gotV = velocity.values();
    for (size_t i = 0; i < size; i++) {
        if (density >= 0 && mask[i] == 0) {
            report.close("w", i, gotW[i], 0, 0);
            report.close("v", i, gotV[i], 0, 0);
            continue;
        }
        const double lr = rates[i / static_cast<size_t>(elements)];
        const double sign = (w[i] > 0) - (w[i] < 0);
        const double expected = double(MOMENTUM) * v[i] + g[i] + double(l2) * w[i] + l1 * sign;
        const double absolute = std::fabs(double(MOMENTUM) * v[i]) + std::fabs(g[i]) + std::fabs(double(l2) * w[i]) + l1;
        report.close("v", i, gotV[i], expected, sumBound(5, absolute));
        report.close("w", i, gotW[i], w[i] - lr * expected, sumBound(5, std::fabs(w[i]) + lr * absolute));
    }
    alone.check(report, "member 0 of w", gotW);
}

}  // namespace

void sgd(Report& report) {
    for (int elements : {1, 4, 91, 1023, 1024, 1028, 2049}) {
        for (double density : {-1.0, 0.0, 0.3, 1.0}) {
            for (float penalty : {0.0f, 0.01f}) {
                Alone<float> alone;
                for (int members : MEMBERS) {
                    report.begin("R=%d n=%d density=%g penalty=%g", members, elements, density, penalty);
                    step(report, members, elements, density, penalty, alone);
                }
            }
        }
    }
    report.begin("no elements");
    report.refused(espalier_sgd(1, 0, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr));
}

}  // namespace driver
