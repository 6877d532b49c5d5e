// One column's softmax with all its digits. The largest logit has the exponential 1, the others add up to `rest`: log p, 1 - p
// and p - 1 then come without a difference of nearly equal numbers, also where the network is all but sure.
#pragma once

#include "simt.h"

namespace espalier {

class Softmax {
public:
    // The softmax of scale times the logits, scale > 0; the logits are `stride` apart.
    __device__ Softmax(const float* logits, int count, int stride, float scale) : scale_(scale), largest_(logits[0]), top_(0) {
        for (int o = 1; o < count; o++) {
            const float logit = logits[o * stride];
            if (logit > largest_) {
                largest_ = logit;
                top_ = o;
            }
        }
        rest_ = 0;
        for (int o = 0; o < count; o++) {
            const float exponential = exponentialOf(logits[o * stride]);
            rest_ += o == top_ ? 0 : exponential;
        }
        inverse_ = 1 / (1 + rest_);
        logSum_ = log1pf(rest_);
    }

    // p, 1 - p and log p of output o, whose logit is given again.
    __device__ float probability(float logit) const { return exponentialOf(logit) * inverse_; }
    __device__ float complement(int o, float logit) const {
        return (o == top_ ? rest_ : 1 + (rest_ - exponentialOf(logit))) * inverse_;
    }
    __device__ float logarithm(float logit) const { return (logit - largest_) * scale_ - logSum_; }

    // p - (1 where o is the label, else 0).
    __device__ float miss(int o, int label, float logit) const {
        return o == label ? -complement(o, logit) : probability(logit);
    }

private:
    __device__ float exponentialOf(float logit) const { return expf((logit - largest_) * scale_); }

    float scale_, largest_, rest_, inverse_, logSum_;
    int top_;
};

}  // namespace espalier
