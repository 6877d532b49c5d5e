package io.espalier.experiments.report;

import org.apache.commons.statistics.distribution.TDistribution;

/** A 95 % interval of a mean, Student's; NaN for fewer than two values. */
record Interval(double low, double high) {
    private static final double TAIL = 0.025;

    /**
     * @param sd sample standard deviation of the values
     * @param n how many
     */
    static Interval of(double mean, double sd, int n) {
        if (n < 2) {
            return new Interval(Double.NaN, Double.NaN);
        }
        double half = TDistribution.of(n - 1).inverseSurvivalProbability(TAIL) * sd / Math.sqrt(n);
        return new Interval(mean - half, mean + half);
    }
}
