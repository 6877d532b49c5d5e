// One step of stochastic gradient descent on one weight; every kernel that steps uses it, so that all give the same bits.
#pragma once

#include "simt.h"

namespace espalier {

// What a member's step needs to know.
struct SgdRates {
    float learningRate, momentum, l1, l2;
};

// v = m v + g + l2 w + l1 sign(w), w = w - lr v.
__device__ inline void sgdStep(const SgdRates& rates, float gradient, float& weight, float& velocity) {
    const float sign = static_cast<float>((weight > 0) - (weight < 0));
    const float slope = fmaf(rates.l1, sign, fmaf(rates.l2, weight, gradient));
    velocity = fmaf(rates.momentum, velocity, slope);
    weight = fmaf(-rates.learningRate, velocity, weight);
}

}  // namespace espalier
