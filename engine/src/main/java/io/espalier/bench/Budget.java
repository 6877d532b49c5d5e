package io.espalier.bench;

/** Seconds that a benchmark may take, shared out evenly among the measurements that are still to be made. */
public final class Budget {
    private final long start = System.nanoTime();
    private final double seconds;

    private Budget(double seconds) {
        this.seconds = seconds;
    }

    /** From now on. */
    public static Budget of(double seconds) {
        return new Budget(seconds);
    }

    /** As long as it takes. */
    public static Budget unlimited() {
        return new Budget(Double.POSITIVE_INFINITY);
    }

    /** Whether nothing is left. */
    boolean isSpent() {
        return left() <= 0;
    }

    /** What one of so many measurements may take. */
    double share(int measurements) {
        return Math.max(0, left()) / measurements;
    }

    private double left() {
        return seconds - (System.nanoTime() - start) / 1e9;
    }
}
