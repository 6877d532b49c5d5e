package io.espalier.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.WeightHash.Mode;
import io.espalier.backend.WeightHash.Part;
import org.junit.jupiter.api.Test;

/**
 * Golden entries, twice the bucket plus one for a negative sign. Made with the C library's Python binding:
 *
 * <pre>{@code
 * x = lambda b, s: xxhash.xxh32(b, seed=s).intdigest()
 * key = struct.pack("<II", i, j)                                                                          # native
 * entry = 2 * (x(key, 1691 + 2 * layer) % K) + (1 - x(key, 1692 + 2 * layer) % 2)
 * key = b"%d%d%d_%d%d%d" % (i + 1, i + 2, i + 3, j + 1, j + 2, j + 3)                                     # paper
 * entry = 2 * (x(key + b"idxW", 1691) % K) + (1 - x(key + b"xi_W", 1691) % 2)                             # idxB, xi_B
 * }</pre>
 */
class WeightHashTest {
    private static final int[][] PLACES = {{0, 0}, {0, 1}, {1, 0}, {8, 9}, {999, 783}, {9, 999}, {12345, 67890}};
    private static final int[] ROWS = {0, 1, 8, 97, 998, 999, 12345};

    private static int[] weights(Mode mode, int layer, int buckets) {
        WeightHash hash = new WeightHash(mode, WeightHash.PUBLISHED_SEED, layer, Part.WEIGHTS);
        int[] entries = new int[PLACES.length];
        for (int p = 0; p < entries.length; p++) {
            entries[p] = hash.entry(PLACES[p][0], PLACES[p][1], buckets);
        }
        return entries;
    }

    private static int[] biases(int buckets) {
        WeightHash hash = new WeightHash(Mode.PAPER, WeightHash.PUBLISHED_SEED, 0, Part.BIASES);
        int[] entries = new int[ROWS.length];
        for (int p = 0; p < entries.length; p++) {
            entries[p] = hash.entry(ROWS[p], 0, buckets);
        }
        return entries;
    }

    @Test
    void nativeEntries() {
        assertArrayEquals(new int[] {1, 0, 0, 0, 1, 0, 0}, weights(Mode.NATIVE, 0, 1));
        assertArrayEquals(new int[] {119, 72, 62, 36, 107, 172, 150}, weights(Mode.NATIVE, 0, 97));
        assertArrayEquals(new int[] {116205, 91078, 3894, 87654, 86753, 34420, 5402}, weights(Mode.NATIVE, 0, 98000));
        assertArrayEquals(
                new int[] {98812, 74552, 29063, 107798, 87751, 130223, 13201}, weights(Mode.NATIVE, 1, 65536));
        assertArrayEquals(
                new int[] {118656, 19657, 175927, 51614, 13180, 120500, 98408}, weights(Mode.NATIVE, 7, 98000));
    }

    @Test
    void paperEntries() {
        assertArrayEquals(new int[] {1, 1, 1, 0, 1, 1, 1}, weights(Mode.PAPER, 0, 1));
        assertArrayEquals(new int[] {3, 193, 33, 108, 99, 63, 19}, weights(Mode.PAPER, 0, 97));
        assertArrayEquals(new int[] {193641, 194319, 54065, 83070, 56471, 25109, 23989}, weights(Mode.PAPER, 0, 98000));
        assertArrayEquals(
                new int[] {193641, 194319, 54065, 83070, 56471, 25109, 23989},
                weights(Mode.PAPER, 3, 98000),
                "all layers share the seed");
        assertArrayEquals(new int[] {104, 122, 135, 148, 58, 1, 67}, biases(97));
        assertArrayEquals(new int[] {23024, 6326, 9019, 27418, 117958, 37527, 113799}, biases(65536));
    }

    @Test
    void nativeBiasesAreNeverHashed() {
        assertThrows(IllegalArgumentException.class, () -> new WeightHash(Mode.NATIVE, 1691, 0, Part.BIASES));
    }

    /** 784 x 1000 over 98,000 buckets: occupancy is Poisson-like with mean 8, half the signs are negative. */
    @Test
    void bucketsFillEvenly() {
        WeightHash hash = new WeightHash(Mode.NATIVE, WeightHash.PUBLISHED_SEED, 0, Part.WEIGHTS);
        int buckets = 98_000;
        int[] occupancy = new int[buckets];
        int negative = 0;
        for (int i = 0; i < 1000; i++) {
            for (int j = 0; j < 784; j++) {
                int entry = hash.entry(i, j, buckets);
                occupancy[entry >> 1]++;
                negative += entry & 1;
            }
        }
        double chiSquare = 0;
        for (int count : occupancy) {
            chiSquare += (count - 8) * (count - 8) / 8.0;
        }
        // Mean buckets - 1, variance twice that: five standard deviations on either side.
        assertEquals(buckets - 1, chiSquare, 5 * Math.sqrt(2.0 * buckets));
        assertTrue(Math.abs(negative - 392_000) < 5 * Math.sqrt(784_000) / 2, negative + " negative signs");
    }
}
