package io.espalier.train;

/**
 * Adds l1 ||w||_1 + l2/2 ||w||^2 over the weights to the mean loss; biases are free.
 *
 * @param l1 at least 0
 * @param l2 at least 0
 */
public record Penalty(double l1, double l2) {
    public static final Penalty NONE = new Penalty(0, 0);

    /** What a bare {@code l1} means. */
    public static final double DEFAULT_L1 = 1e-5;

    /** What a bare {@code l2} means. */
    public static final double DEFAULT_L2 = 5e-4;

    public Penalty {
        if (!(l1 >= 0) || !(l2 >= 0) || Double.isInfinite(l1 + l2)) {
            throw new IllegalArgumentException("A penalty is a number of at least 0, got l1 " + l1 + " and l2 " + l2);
        }
    }
}
