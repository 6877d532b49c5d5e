package io.espalier.backend;

/**
 * When a layer trains as a sparse one on processors. The two constants come from {@code ci/bench-train.sh}: sparse products beat
 * dense ones below a quarter of the weights, and layers of a few thousand weights gain nothing worth their bookkeeping.
 */
public final class SparseRule {
    private static final double MAX_DENSITY = 0.20;
    private static final int MIN_WEIGHTS = 4096;

    private SparseRule() {}

    /** The same answer on every machine. */
    public static boolean prefersSparse(int outputs, int inputs, double density) {
        return density <= MAX_DENSITY && (long) outputs * inputs >= MIN_WEIGHTS;
    }
}
