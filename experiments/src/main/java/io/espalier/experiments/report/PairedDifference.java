package io.espalier.experiments.report;

import io.espalier.random.Seed;
import java.util.Map;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * How much more one method errs than another at one ratio, over the seeds that both have. Equal seeds saw the same batches, so
 * differences are taken seed by seed; the interval is Student's, at 95 %.
 *
 * @param n seeds
 * @param mean of the differences, in percentage points
 * @param low lower end of the interval; NaN for fewer than two seeds
 * @param high upper end
 */
record PairedDifference(String method, String other, String ratio, int n, double mean, double low, double high) {
    private static final double TAIL = 0.025;

    static PairedDifference of(
            String method, String other, String ratio, Map<Seed, Double> errors, Map<Seed, Double> otherErrors) {
        double[] differences = errors.entrySet().stream()
                .filter(entry -> otherErrors.containsKey(entry.getKey()))
                .mapToDouble(entry -> entry.getValue() - otherErrors.get(entry.getKey()))
                .toArray();
        int n = differences.length;
        double mean = java.util.Arrays.stream(differences).average().orElse(Double.NaN);
        double half = n < 2 ? Double.NaN : quantile(n - 1) * deviation(differences, mean) / Math.sqrt(n);
        return new PairedDifference(method, other, ratio, n, mean, mean - half, mean + half);
    }

    private static double quantile(int degreesOfFreedom) {
        return TDistribution.of(degreesOfFreedom).inverseSurvivalProbability(TAIL);
    }

    private static double deviation(double[] values, double mean) {
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / (values.length - 1));
    }

    /** Whether the interval leaves zero out. */
    boolean isClear() {
        return low > 0 || high < 0;
    }
}
