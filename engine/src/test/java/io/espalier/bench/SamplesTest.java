package io.espalier.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SamplesTest {
    private static Samples of(double... values) {
        Samples samples = new Samples();
        for (double value : values) {
            samples.add(value);
        }
        return samples;
    }

    /** Quartiles of 1 to 5 are 2, 3, 4; the tenth of the way from 1 to 5 is 1.4; the deviation is sqrt(2.5). */
    @Test
    void quantilesAreInterpolated() {
        Summary summary = of(5, 1, 4, 2, 3).summary();
        assertEquals(
                new Summary(5, 3, summary.noise(), 1, 1.4, 2, 3, 4, summary.p90(), 5), summary, "quantiles of 1 to 5");
        assertEquals(4.6, summary.p90(), 1e-12);
        assertEquals(Math.sqrt(2.5) / 3, summary.noise(), 1e-15);
        assertEquals(2.5, of(1, 2, 3, 4).summary().median());
    }

    @Test
    void oneSampleHasEveryQuantileAndNoKnownNoise() {
        Summary summary = of(7).summary();
        assertEquals(7, summary.p10());
        assertEquals(7, summary.p90());
        assertEquals(Double.POSITIVE_INFINITY, summary.noise());
    }

    /** The textbook formula, in two passes. */
    @Test
    void noiseKeptOnTheWayIsTheNoiseOfTheWhole() {
        PhiloxSequence random = new PhiloxSequence(new Seed(3), 1);
        double[] values = new double[1000];
        Arrays.setAll(values, i -> 1e-3 + 1e-9 * random.nextDouble());
        double mean = Arrays.stream(values).average().orElseThrow();
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        double expected = Math.sqrt(squares / (values.length - 1)) / mean;
        assertEquals(expected, of(values).noise(), 1e-6 * expected);
    }
}
