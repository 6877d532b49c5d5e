// What the cases of activations and of their derivatives share: each function in double, and layers with and without dropout.
#pragma once

#include "alone.h"
#include "draws.h"

namespace driver {

// io.espalier.random.Stream.DROPOUT.at(3)
constexpr int DROP_STREAM = 50331651;
constexpr int LAYER_SIZES[][2] = {{1, 1}, {7, 5}, {33, 31}, {31, 33}, {40, 65}, {9, 200}, {66, 8}, {16, 128}};
constexpr int FUNCTIONS[] = {ESPALIER_LINEAR, ESPALIER_RELU, ESPALIER_SIGMOID, ESPALIER_TANH};

inline double value(int f, double z) {
    switch (f) {
        case ESPALIER_RELU: return z > 0 ? z : 0;
        case ESPALIER_SIGMOID: return 1 / (1 + std::exp(-z));
        case ESPALIER_TANH: return std::tanh(z);
        default: return z;
    }
}

// f'(z) and f''(z) from a = f(z).
inline double slope(int f, double a) {
    switch (f) {
        case ESPALIER_RELU: return a > 0;
        case ESPALIER_SIGMOID: return a * (1 - a);
        case ESPALIER_TANH: return 1 - a * a;
        default: return 1;
    }
}

inline double bend(int f, double a) {
    switch (f) {
        case ESPALIER_SIGMOID: return a * (1 - a) * (1 - 2 * a);
        case ESPALIER_TANH: return -2 * a * (1 - a * a);
        default: return 0;
    }
}

// A layer's outputs under dropout; rate 0: with a rate of zero; below: without any. A shrunk layer names its units.
struct ActivationLayer {
    int members, outputs, batch, f;
    Drops drops;
    bool dropping;
    Array<int32_t> keys, steps;
    Array<float> rates;
    Array<int32_t> units;

    ActivationLayer(int members, const int (&size)[2], int f, float rate, bool shrunk)
        : members(members), outputs(size[0]), batch(size[1]), f(f), drops(dropsOf(members, outputs, rate, shrunk)),
          dropping(rate >= 0), keys(drops.keys), steps(drops.steps), rates(drops.rates), units(drops.units) {}

    size_t elements() const { return static_cast<size_t>(members) * outputs * batch; }
    int member(size_t i) const { return static_cast<int>(i / outputs / batch); }
    double scale(size_t i) const { return drops.scale(member(i)); }
    bool survives(size_t i) const {
        return drops.survives(member(i), static_cast<int>(i / batch % outputs), static_cast<int>(i % batch));
    }

    int activate(float* z, const float* bias) {
        return espalier_activate(members, outputs, batch, f, z, bias, given(keys), given(steps), given(rates), named(),
                                 DROP_STREAM, nullptr);
    }
    int gradient(const float* a, float* da) {
        return espalier_activation_gradient(members, outputs, batch, f, a, da, given(keys), given(steps), given(rates),
                                            named(), DROP_STREAM, nullptr);
    }
    // Outputs of a layer whose sums are in (-4, 4).
    std::vector<float> activations(Report& report) {
        std::vector<float> z = Random(5).reals(elements());
        for (float& sum : z) {
            sum *= 4;
        }
        Array<float> a(z), bias(std::vector<float>(static_cast<size_t>(members) * outputs));
        report.launched(activate(a, bias));
        return a.values();
    }

private:
    static Drops dropsOf(int members, int outputs, float rate, bool shrunk) {
        Drops drops(members, std::fmax(rate, 0.0f), DROP_STREAM);
        if (shrunk) {
            drops.shrink(outputs);
        }
        return drops;
    }
    template <typename T>
    const T* given(Array<T>& array) {
        return dropping ? static_cast<T*>(array) : nullptr;
    }
    const int32_t* named() { return drops.units.empty() ? nullptr : static_cast<int32_t*>(units); }
};

template <typename Body>
void layers(Report& report, std::initializer_list<float> dropRates, Body body) {
    for (const auto& size : LAYER_SIZES) {
        for (int f : FUNCTIONS) {
            for (float rate : dropRates) {
                for (bool shrunk : {false, true}) {
                    if (shrunk && rate <= 0) {
                        continue;
                    }
                    Alone<float> alone;
                    for (int members : MEMBERS) {
                        report.begin("f=%d R=%d O=%d B=%d rate=%g%s", f, members, size[0], size[1], rate,
                                     shrunk ? " shrunk" : "");
                        ActivationLayer layer(members, size, f, rate, shrunk);
                        alone.check(report, "member 0", body(layer));
                    }
                }
            }
        }
    }
}

}  // namespace driver
