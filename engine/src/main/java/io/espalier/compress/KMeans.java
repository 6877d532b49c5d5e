package io.espalier.compress;

import java.util.Arrays;

/**
 * Numbers clustered so that their squared distances from the centroids of their clusters are small: Lloyd's rounds in float64 until
 * nothing moves. Centroids start evenly spaced from the least number to the largest, which keeps the few large weights (Han et al.
 * 2016, section 3.2, found it best). A number halfway between two centroids goes to the lower. A cluster that has lost its numbers stays
 * where it is and may win others; those that are empty in the end are left out.
 *
 * @param centroids ascending, float32
 * @param assignment of each number, in the order in which they were given
 */
record KMeans(float[] centroids, int[] assignment) {
    /** Rounding might make the rounds go in a circle; weights settle in far fewer. */
    private static final int MOST_ROUNDS = 10_000;

    /**
     * Clusters numbers.
     *
     * @param most clusters, at least 2
     */
    static KMeans of(float[] numbers, int most) {
        if (numbers.length == 0) {
            return new KMeans(new float[0], new int[0]);
        }
        double[] sorted = new double[numbers.length];
        for (int i = 0; i < sorted.length; i++) {
            // Adding zero makes one of the two zeros.
            sorted[i] = numbers[i] + 0.0;
        }
        Arrays.sort(sorted);
        double[] centres = new double[most];
        double width = sorted[sorted.length - 1] - sorted[0];
        for (int k = 0; k < most; k++) {
            centres[k] = sorted[0] + width * k / (most - 1);
        }
        int[] ends = ends(sorted, centres);
        for (int round = 0; round < MOST_ROUNDS; round++) {
            move(sorted, ends, centres);
            int[] now = ends(sorted, centres);
            if (Arrays.equals(now, ends)) {
                break;
            }
            ends = now;
        }
        return settled(numbers, sorted, centres, ends);
    }

    /** Where each cluster's numbers end among the sorted ones. Centroids ascend: means of neighbours do, and so do those left alone. */
    private static int[] ends(double[] sorted, double[] centres) {
        int[] ends = new int[centres.length];
        for (int k = 0; k < centres.length - 1; k++) {
            ends[k] = countUpTo(sorted, (centres[k] + centres[k + 1]) / 2);
        }
        ends[centres.length - 1] = sorted.length;
        return ends;
    }

    private static int countUpTo(double[] sorted, double limit) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] <= limit) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static void move(double[] sorted, int[] ends, double[] centres) {
        int first = 0;
        for (int k = 0; k < centres.length; k++) {
            double sum = 0;
            for (int i = first; i < ends[k]; i++) {
                sum += sorted[i];
            }
            if (first < ends[k]) {
                centres[k] = sum / (ends[k] - first);
            }
            first = ends[k];
        }
    }

    private static KMeans settled(float[] numbers, double[] sorted, double[] centres, int[] ends) {
        double[] least = new double[centres.length];
        float[] centroids = new float[centres.length];
        int count = 0;
        int first = 0;
        for (int k = 0; k < centres.length; k++) {
            if (first < ends[k]) {
                least[count] = sorted[first];
                centroids[count++] = (float) centres[k];
            }
            first = ends[k];
        }
        int[] assignment = new int[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            int at = Arrays.binarySearch(least, 0, count, numbers[i] + 0.0);
            assignment[i] = at >= 0 ? at : -at - 2;
        }
        return new KMeans(Arrays.copyOf(centroids, count), assignment);
    }
}
