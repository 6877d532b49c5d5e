package io.espalier.experiments.report;

import io.espalier.random.Seed;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
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
 * @param p of the two-sided paired t-test that the mean is zero; NaN for fewer than two seeds
 * @param holm the same, corrected for all pairs of methods at the ratio (Holm 1979)
 */
record PairedDifference(
        String method, String other, String ratio, int n, double mean, double low, double high, double p, double holm) {
    /** Of claims that are made, at most this share of studies makes a wrong one. */
    static final double LEVEL = 0.05;

    static PairedDifference of(
            String method, String other, String ratio, Map<Seed, Double> errors, Map<Seed, Double> otherErrors) {
        double[] differences = errors.entrySet().stream()
                .filter(entry -> otherErrors.containsKey(entry.getKey()))
                .mapToDouble(entry -> entry.getValue() - otherErrors.get(entry.getKey()))
                .toArray();
        int n = differences.length;
        double mean = java.util.Arrays.stream(differences).average().orElse(Double.NaN);
        double sd = n < 2 ? Double.NaN : deviation(differences, mean);
        Interval interval = Interval.of(mean, sd, n);
        double p = n < 2 ? Double.NaN : p(mean, sd / Math.sqrt(n), n - 1);
        return new PairedDifference(method, other, ratio, n, mean, interval.low(), interval.high(), p, Double.NaN);
    }

    private static double p(double mean, double error, int degreesOfFreedom) {
        if (error == 0) {
            return mean == 0 ? 1 : 0;
        }
        return 2 * TDistribution.of(degreesOfFreedom).survivalProbability(Math.abs(mean) / error);
    }

    /**
     * All pairs at one ratio, each with its corrected p: the k-th smallest of m times m - k + 1, never below that before it, at most 1.
     * Pairs without a p stay without one and do not count.
     */
    static List<PairedDifference> corrected(List<PairedDifference> pairs) {
        List<PairedDifference> ascending = pairs.stream()
                .filter(pair -> !Double.isNaN(pair.p))
                .sorted(Comparator.comparingDouble(PairedDifference::p))
                .toList();
        Map<PairedDifference, Double> holm = new HashMap<>();
        double largest = 0;
        for (int k = 0; k < ascending.size(); k++) {
            largest = Math.max(largest, Math.min(1, (ascending.size() - k) * ascending.get(k).p));
            holm.put(ascending.get(k), largest);
        }
        return pairs.stream()
                .map(pair -> pair.withHolm(holm.getOrDefault(pair, Double.NaN)))
                .toList();
    }

    private PairedDifference withHolm(double corrected) {
        return new PairedDifference(method, other, ratio, n, mean, low, high, p, corrected);
    }

    /** The same from the other method's side. */
    PairedDifference turned() {
        return new PairedDifference(other, method, ratio, n, 0 - mean, 0 - high, 0 - low, p, holm);
    }

    /** Whether the correction leaves a difference. */
    boolean holds() {
        return holm < LEVEL;
    }

    /** Whether the first method errs more and the correction leaves that: the other beats it. */
    boolean isMore() {
        return mean > 0 && holds();
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
