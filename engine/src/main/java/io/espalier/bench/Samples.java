package io.espalier.bench;

import java.util.Arrays;

/** Times of one thing in seconds, and how much they scatter so far. */
public final class Samples {
    private double[] seconds = new double[64];
    private int count;
    private double mean;
    private double squares;

    /** One more; mean and scatter are kept as Welford (1962) does, which loses no digits to a large mean. */
    public void add(double value) {
        if (count == seconds.length) {
            seconds = Arrays.copyOf(seconds, 2 * count);
        }
        seconds[count++] = value;
        double off = value - mean;
        mean += off / count;
        squares += off * (value - mean);
    }

    /** How many there are. */
    public int count() {
        return count;
    }

    /** Standard deviation over mean; infinite as long as there are not two. */
    public double noise() {
        return count < 2 ? Double.POSITIVE_INFINITY : Math.sqrt(squares / (count - 1)) / mean;
    }

    /** One by one, how often others fit into these; both have as many. */
    Samples over(Samples others) {
        Samples ratios = new Samples();
        for (int i = 0; i < count; i++) {
            ratios.add(seconds[i] / others.seconds[i]);
        }
        return ratios;
    }

    /** What is reported of them; there must be at least one. */
    public Summary summary() {
        return Summary.of(Arrays.copyOf(seconds, count), noise());
    }
}
