package io.espalier.backend.contract;

/** The tolerance of every op, by family. */
final class Tolerances {
    /** Integers, masks, copies. */
    static final Tolerance EXACT = new Tolerance.Exact();

    /** Pixels. */
    static final Tolerance GATHER = new Tolerance.Stated(2, 0, "a product with the rounded 1/255 is rounded");

    /** Activations and their gradients. */
    static final Tolerance ACTIVATION = new Tolerance.Stated(
            8,
            8,
            "exp and tanh are good to two units; the rounded argument adds its own error where the value is near zero");

    /** Dropout alone. */
    static final Tolerance DROPOUT = new Tolerance.Stated(2, 0, "the factor and its product are rounded");

    /** A step of the optimiser: four terms meet in a velocity, five in a weight. */
    static final Tolerance OPTIMISER = new Tolerance.Sum(5);

    private Tolerances() {}

    /** A sum of n products. */
    static Tolerance sum(int n) {
        return new Tolerance.Sum(n);
    }

    /** A loss and its gradient. */
    static Tolerance loss(int outputs, int batch) {
        return new Tolerance.Stated(
                16,
                4 * Math.sqrt(batch) * outputs,
                "exp and log are good to two units and the loss sums over the batch");
    }
}
