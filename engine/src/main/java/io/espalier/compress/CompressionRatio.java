package io.espalier.compress;

import io.espalier.network.NetworkSpec;

/**
 * Parameters of the uncompressed network over parameters stored, weights and biases of the whole network, for every method
 * alike.
 *
 * @param value at least 1
 */
public record CompressionRatio(double value) {
    public CompressionRatio {
        if (!(value >= 1) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("A compression ratio is at least 1, got " + value);
        }
    }

    /** The most parameters that may be stored: floor(P / ratio). */
    public int parameters(NetworkSpec dense) {
        return (int) Math.floor(dense.parameters() / value);
    }

    /**
     * Weights that pruning keeps: floor(P / ratio) less the biases.
     *
     * @throws IllegalArgumentException if that is below one
     */
    public int weightsKept(NetworkSpec dense) {
        int biases = dense.parameters() - dense.prunable();
        int kept = parameters(dense) - biases;
        if (kept < 1) {
            throw new IllegalArgumentException("Ratio " + this + " leaves " + parameters(dense)
                    + " parameters to network " + dense + ", whose " + biases + " biases are never pruned");
        }
        return kept;
    }

    @Override
    public String toString() {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
