package io.espalier.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.coding.Binary16;
import io.espalier.network.ModelFile;
import io.espalier.network.Parameters;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.network.StoreSpec;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuantizerTest {
    private static final int OUTPUTS = 30;
    private static final int INPUTS = 41;

    /** Normal weights, of which those below a threshold are pruned. */
    private static LayerParameters layer(double threshold) {
        PhiloxSequence random = new PhiloxSequence(new Seed(4), 1);
        float[] weight = new float[OUTPUTS * INPUTS];
        byte[] mask = new byte[weight.length];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = (float) (0.1 * random.nextGaussian());
            mask[i] = (byte) (Math.abs(weight[i]) >= threshold ? 1 : 0);
        }
        float[] bias = new float[OUTPUTS];
        for (int o = 0; o < OUTPUTS; o++) {
            bias[o] = (float) random.nextGaussian();
        }
        return new LayerParameters(OUTPUTS, INPUTS, weight, mask, bias).withValues(weight, bias);
    }

    private static float[] chosen(float[] weight, byte[] mask) {
        float[] chosen = new float[weight.length];
        int count = 0;
        for (int i = 0; i < weight.length; i++) {
            if (mask[i] != 0) {
                chosen[count++] = weight[i];
            }
        }
        return Arrays.copyOf(chosen, count);
    }

    @Test
    void linearIsTheNearestOfEvenlySpacedWeights() {
        for (double threshold : new double[] {0, 0.15}) {
            LayerParameters dense = layer(threshold);
            for (int bits : new int[] {2, 3, 5, 8, 16}) {
                LayerParameters rounded = new Quantizer.Linear(bits).layer(dense);
                StoreSpec.Linear store = (StoreSpec.Linear) rounded.store();
                assertEquals((1 << bits - 1) - 1, store.most());
                double largest = 0;
                for (int i = 0; i < dense.weight().length; i++) {
                    float weight = dense.weight()[i];
                    largest = Math.max(largest, Math.abs(weight));
                    double multiple = (double) rounded.weight()[i] / store.step();
                    assertEquals(Math.rint(multiple), multiple, 1e-7 * store.most());
                    assertTrue(Math.abs(multiple) <= store.most() * (1 + 1e-7));
                    assertTrue(Math.abs(rounded.weight()[i] - weight) <= 0.5001 * store.step());
                    assertTrue(dense.mask()[i] == 1 || rounded.weight()[i] == 0, "pruned weights are exactly zero");
                }
                assertEquals(largest / store.most(), store.step(), 1e-7 * largest);
                assertArrayEquals(dense.mask(), rounded.mask());
                assertArrayEquals(dense.bias(), rounded.bias());
            }
        }
    }

    @Test
    void halfRoundsBiasesToo() {
        LayerParameters dense = layer(0.1);
        LayerParameters rounded = new Quantizer.Half().layer(dense);
        assertEquals(new StoreSpec.Half(), rounded.store());
        for (int i = 0; i < dense.weight().length; i++) {
            assertEquals(Binary16.toFloat(Binary16.of(dense.weight()[i])), rounded.weight()[i]);
        }
        for (int o = 0; o < OUTPUTS; o++) {
            assertEquals(Binary16.toFloat(Binary16.of(dense.bias()[o])), rounded.bias()[o]);
        }
    }

    /** What stops: every weight at the centroid nearest to it, every centroid the mean of its weights. */
    @Test
    void aCodebookIsAtRest() {
        for (double threshold : new double[] {0, 0.15}) {
            LayerParameters dense = layer(threshold);
            float[] alive = chosen(dense.weight(), dense.mask());
            for (int bits : new int[] {1, 3, 5, 8}) {
                LayerParameters shared = new Quantizer.Codebook(bits).layer(dense);
                StoreSpec.Codebook store = (StoreSpec.Codebook) shared.store();
                float[] book = shared.weight();
                assertTrue(book.length <= 1 << bits && book.length > 1, book.length + " of " + bits + " bits");
                assertArrayEquals(dense.mask(), store.assignment().alive());
                assertEquals(alive.length, shared.alive());
                assertEquals(dense.weight().length, shared.weights());
                double[] sums = new double[book.length];
                int[] counts = new int[book.length];
                for (int i = 0; i < alive.length; i++) {
                    int entry = store.assignment().entries()[i];
                    sums[entry] += alive[i];
                    counts[entry]++;
                    for (float other : book) {
                        assertTrue(Math.abs(alive[i] - book[entry]) <= Math.abs(alive[i] - other) + 1e-7);
                    }
                }
                for (int k = 0; k < book.length; k++) {
                    assertTrue(counts[k] > 0, "empty clusters are left out");
                    assertEquals(sums[k] / counts[k], book[k], 1e-7);
                }
            }
        }
    }

    @Test
    void clustersByHand() {
        // From 0, 10/3, 20/3 and 10 the inner two never see a number and are left out.
        KMeans gap = KMeans.of(new float[] {10, 0, 1, 9, 0}, 4);
        assertArrayEquals(new float[] {1f / 3, 9.5f}, gap.centroids());
        assertArrayEquals(new int[] {1, 0, 0, 1, 0}, gap.assignment());
        // Halfway between 0 and 4: to the lower, whose mean becomes 1; then it is nearer to the lower.
        KMeans tie = KMeans.of(new float[] {0, 2, 4}, 2);
        assertArrayEquals(new float[] {1, 4}, tie.centroids());
        assertArrayEquals(new int[] {0, 0, 1}, tie.assignment());
        KMeans equal = KMeans.of(new float[] {-0f, 0, 0}, 8);
        assertArrayEquals(new float[] {0}, equal.centroids());
        assertArrayEquals(new int[3], equal.assignment());
        assertEquals(0, KMeans.of(new float[0], 4).centroids().length);
        float[] few = {3, -1, 7};
        KMeans each = KMeans.of(few, 256);
        assertArrayEquals(new float[] {-1, 3, 7}, each.centroids(), "as many as there are numbers at most");
        assertArrayEquals(new int[] {1, 0, 2}, each.assignment());
    }

    /** Twice the bits never err more, and each kind errs less the more bits it has. */
    @Test
    void moreBitsErrLess() {
        LayerParameters dense = layer(0.1);
        double linear = Double.POSITIVE_INFINITY;
        double codebook = Double.POSITIVE_INFINITY;
        for (int bits = 2; bits <= 8; bits++) {
            double even = error(dense, new Quantizer.Linear(bits).layer(dense));
            double learned = error(dense, new Quantizer.Codebook(bits).layer(dense));
            assertTrue(even < linear && learned < codebook, bits + " bits");
            assertTrue(learned < even, bits + " bits: " + learned + " and " + even);
            linear = even;
            codebook = learned;
        }
    }

    private static double error(LayerParameters dense, LayerParameters rounded) {
        double sum = 0;
        float[] alive = chosen(dense.weight(), dense.mask());
        float[] found = chosen(rounded.weight(), rounded.mask());
        for (int i = 0; i < alive.length; i++) {
            float now = rounded.store() instanceof StoreSpec.Codebook codebook
                    ? rounded.weight()[codebook.assignment().entries()[i]]
                    : found[i];
            sum += (alive[i] - now) * (alive[i] - now);
        }
        return sum;
    }

    @Test
    void whatCannotBeQuantised() {
        for (int bits : new int[] {1, 17}) {
            assertThrows(IllegalArgumentException.class, () -> new Quantizer.Linear(bits));
        }
        for (int bits : new int[] {0, 9}) {
            assertThrows(IllegalArgumentException.class, () -> new Quantizer.Codebook(bits));
        }
        Parameters once = new Quantizer.Half().quantised(new Parameters(List.of(layer(0))));
        IllegalArgumentException twice =
                assertThrows(IllegalArgumentException.class, () -> new Quantizer.Codebook(3).quantised(once));
        assertTrue(twice.getMessage().contains("Only dense layers"), twice.getMessage());
        LayerParameters broken = layer(0);
        broken.weight()[7] = Float.NaN;
        assertThrows(IllegalArgumentException.class, () -> new Quantizer.Linear(4)
                .quantised(new Parameters(List.of(broken))));
    }

    /** Sizes by hand: what the file's tensors take is what is counted. */
    @Test
    void storedBytesAreThoseOfTheTensors() {
        LayerParameters full = layer(0);
        int weights = OUTPUTS * INPUTS;
        assertEquals(2 * (weights + OUTPUTS), bytes(new Quantizer.Half().layer(full)), "two bytes a number");
        LayerParameters coarse = new Quantizer.Codebook(1).layer(full);
        assertEquals((weights + 7) / 8 + 2 * 4 + 4 * OUTPUTS, bytes(coarse), "a bit a weight, two entries");
        assertFalse(bytes(new Quantizer.Linear(8).layer(full)) > weights + 4 + 4 * OUTPUTS, "a byte a weight at most");
        LayerParameters pruned = layer(0.2);
        Parameters shared = new Parameters(List.of(new Quantizer.Codebook(4).layer(pruned)));
        long stored = StoredSize.of(shared).bytes();
        assertEquals(ModelFile.packedBytes(shared.layers().get(0)), stored);
        assertTrue(stored < 4L * pruned.alive() + 4 * OUTPUTS, "less than the weights alone in float32");
        assertEquals(StoredSize.of(shared).dense(), StoredSize.of(shared).csr(), "one encoding, whatever it is called");
    }

    private static long bytes(LayerParameters layer) {
        return StoredSize.of(new Parameters(List.of(layer))).bytes();
    }
}
