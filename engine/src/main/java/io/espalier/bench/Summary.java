package io.espalier.bench;

import java.util.Arrays;

/**
 * What is reported of measured times, in seconds. Quantiles are interpolated between order statistics.
 *
 * @param samples how many times there are
 * @param noise standard deviation over mean; infinite for a single time
 * @param q1 the first quartile
 * @param q3 the third quartile
 */
public record Summary(
        int samples,
        double mean,
        double noise,
        double min,
        double p10,
        double q1,
        double median,
        double q3,
        double p90,
        double max) {
    static Summary of(double[] seconds, double noise) {
        double[] sorted = seconds.clone();
        Arrays.sort(sorted);
        return new Summary(
                sorted.length,
                Arrays.stream(sorted).sum() / sorted.length,
                noise,
                sorted[0],
                quantile(sorted, 0.1),
                quantile(sorted, 0.25),
                quantile(sorted, 0.5),
                quantile(sorted, 0.75),
                quantile(sorted, 0.9),
                sorted[sorted.length - 1]);
    }

    private static double quantile(double[] sorted, double q) {
        double place = q * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
