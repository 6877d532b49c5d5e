package io.espalier.backend;

/**
 * What rows are normalised by: their own mean and variance, or those of many batches; n = (x - mean) / sqrt(variance + epsilon).
 *
 * @param mean (R, C, 1) REAL
 * @param variance (R, C, 1) REAL, not negative
 * @param epsilon what keeps the quotient finite, positive
 */
public record Moments(Tensor mean, Tensor variance, double epsilon) {
    public Moments {
        if (!(epsilon > 0)) {
            throw new IllegalArgumentException("epsilon is " + epsilon + ", but has to be positive");
        }
    }
}
