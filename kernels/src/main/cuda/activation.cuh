// The element-wise functions after a linear map. Derivatives come from a = f(z), because z is not kept.
#pragma once

#include "simt.h"

namespace espalier {

struct Linear {
    __device__ static float value(float z) { return z; }
    __device__ static float slope(float) { return 1; }
    __device__ static float bend(float, float) { return 0; }
};

struct Relu {
    // NaN stays NaN, so that a run that diverges is seen to.
    __device__ static float value(float z) { return z <= 0 ? 0 : z; }
    __device__ static float slope(float a) { return a > 0 ? 1 : 0; }
    __device__ static float bend(float, float) { return 0; }
};

struct Sigmoid {
    __device__ static float value(float z) { return 1 / (1 + expf(-z)); }
    __device__ static float slope(float a) { return a * (1 - a); }
    __device__ static float bend(float a, float slope) { return fmaf(-2, a, 1) * slope; }
};

struct Tanh {
    __device__ static float value(float z) { return tanhf(z); }
    __device__ static float slope(float a) { return fmaf(-a, a, 1); }
    __device__ static float bend(float a, float slope) { return -2 * a * slope; }
};

// Calls launch with the function that an ESPALIER_... names.
template <typename Launch>
int byActivation(int activation, Launch launch) {
    switch (activation) {
        case ESPALIER_LINEAR:
            return launch(Linear());
        case ESPALIER_RELU:
            return launch(Relu());
        case ESPALIER_SIGMOID:
            return launch(Sigmoid());
        case ESPALIER_TANH:
            return launch(Tanh());
        default:
            return ESPALIER_BAD_ARGUMENT;
    }
}

}  // namespace espalier
