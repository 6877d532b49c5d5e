package io.espalier.backend;

/** The element-wise function after a linear map. */
public enum Activation {
    /** f(z) = z. */
    LINEAR,
    /** f(z) = max(z, 0), f'(0) = 0. */
    RELU,
    /** f(z) = 1 / (1 + exp(-z)). */
    SIGMOID,
    /** f(z) = tanh(z). */
    TANH
}
