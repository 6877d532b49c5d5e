package io.espalier.experiments.report;

import java.util.BitSet;
import java.util.List;

/**
 * Spearman's rank correlation of two orders in which weights go, as far as the masks of several ratios tell: a weight's rank is the
 * number of masks that it is left in, weights of equal number share the mean of their ranks. 1: the same weights are left at every
 * ratio; 0: as by chance. Weights that are left nowhere in both are counted too.
 */
final class RankCorrelation {
    private RankCorrelation() {}

    /**
     * @param masks of one method, a set of weights a ratio
     * @param others of another, at the same ratios
     * @param weights how many there were before any went
     * @return NaN where one of the two does not rank any weight above another
     */
    static double ofSurvival(List<BitSet> masks, List<BitSet> others, int weights) {
        byte[] first = left(masks, weights);
        byte[] second = left(others, weights);
        int levels = masks.size() + 1;
        long[][] counts = new long[levels][levels];
        for (int i = 0; i < weights; i++) {
            counts[first[i]][second[i]]++;
        }
        return pearson(counts, ranks(counts, false), ranks(counts, true), weights);
    }

    private static byte[] left(List<BitSet> masks, int weights) {
        byte[] left = new byte[weights];
        for (BitSet mask : masks) {
            mask.stream().forEach(weight -> left[weight]++);
        }
        return left;
    }

    /** The mean rank of every level, less the mean of all ranks. */
    private static double[] ranks(long[][] counts, boolean ofColumns) {
        double[] ranks = new double[counts.length];
        double before = 0;
        for (int level = 0; level < ranks.length; level++) {
            long here = 0;
            for (int other = 0; other < ranks.length; other++) {
                here += ofColumns ? counts[other][level] : counts[level][other];
            }
            ranks[level] = before + (here + 1) / 2.0;
            before += here;
        }
        for (int level = 0; level < ranks.length; level++) {
            ranks[level] -= (before + 1) / 2;
        }
        return ranks;
    }

    private static double pearson(long[][] counts, double[] rows, double[] columns, int weights) {
        double product = 0;
        double squares = 0;
        double otherSquares = 0;
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < columns.length; j++) {
                double share = (double) counts[i][j] / weights;
                product += share * rows[i] * columns[j];
                squares += share * rows[i] * rows[i];
                otherSquares += share * columns[j] * columns[j];
            }
        }
        return squares == 0 || otherSquares == 0 ? Double.NaN : product / Math.sqrt(squares * otherSquares);
    }
}
