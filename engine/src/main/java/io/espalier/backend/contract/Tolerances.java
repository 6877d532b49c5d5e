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

    /** A loss with a teacher, and its gradient; the largest of the members' temperatures counts, and is at least 1 here. */
    static Tolerance distillation(int outputs, int batch, double temperature) {
        double t = Math.max(1, temperature);
        return new Tolerance.Stated(
                16,
                16 * t * t * Math.sqrt(batch) * outputs,
                "as the loss without a teacher; differences of logits count T^2 times and cancel");
    }

    /** A few products and differences. */
    static final Tolerance NORMALISED = new Tolerance.Sum(4);

    /** A row times a factor of a quotient and a root, or its square. */
    static final Tolerance SCALED_ROW =
            new Tolerance.Stated(16, 0, "sum, root and quotient are rounded, and their square doubles that");

    /** Two terms, each of them rounded. */
    static final Tolerance COMBINED = new Tolerance.Sum(1);

    /** Curvature through an activation. */
    static final Tolerance DERIVATIVES =
            new Tolerance.Stated(8, 24, "sums of products of derivatives that come from activations good to two units");

    /** Curvature of softmax cross-entropy where logits are close to each other. */
    static final Tolerance PROBABILITIES = new Tolerance.Stated(
            16, 0, "exponentials good to two units, of rounded differences below 2, and four products");

    /** The same where one class is all but sure. */
    static final Tolerance SURE =
            new Tolerance.Stated(16, 0, "the same; the differences are multiples of 10 and exact");

    /** The same for logits of which nothing is known: their rounded differences may be large. */
    static final Tolerance ANY_PROBABILITIES =
            new Tolerance.Stated(16, 16, "exponentials of rounded differences, relative to a probability of 1");

    /** One rounded quotient. */
    static final Tolerance QUOTIENT = new Tolerance.Stated(1, 0, "1 / B is rounded");

    /** A scaled square. */
    static final Tolerance SQUARE = new Tolerance.Stated(3, 0, "two products, one of them by a rounded number");

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
