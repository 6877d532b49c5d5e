package io.espalier.backend.cpu;

import io.espalier.backend.HostTensors;
import io.espalier.backend.Tensor;
import io.espalier.backend.WeightHash;
import io.espalier.random.XxHash32;
import java.nio.charset.StandardCharsets;

/**
 * The entries of a whole virtual matrix, once for each network that is made. The paper's keys are put together from parts that
 * rows and columns share; {@link WeightHash} makes a text for each, eight times slower.
 */
final class HashIndices {
    private static final int MAX_KEY = 2 * 3 * 10 + 1 + 4;

    void apply(WeightHash hash, int[] buckets, Tensor index) {
        int rows = index.shape().rows();
        int columns = index.shape().columns();
        for (int r = 0; r < buckets.length; r++) {
            int[] entries = HostTensors.ints(index, r);
            if (hash.mode() == WeightHash.Mode.PAPER) {
                texts(hash, buckets[r], entries, rows, columns);
            } else {
                words(hash, buckets[r], entries, rows, columns);
            }
        }
    }

    private static void words(WeightHash hash, int buckets, int[] entries, int rows, int columns) {
        int seed = hash.seed() + 2 * hash.layer();
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                entries[i * columns + j] =
                        WeightHash.combined(XxHash32.of(i, j, seed), XxHash32.of(i, j, seed + 1), buckets);
            }
        }
    }

    private static void texts(WeightHash hash, int buckets, int[] entries, int rows, int columns) {
        byte[][] bucketEnds = new byte[columns][];
        byte[][] signEnds = new byte[columns][];
        for (int j = 0; j < columns; j++) {
            bucketEnds[j] = ascii("_" + WeightHash.consecutive(j) + hash.bucketTag());
            signEnds[j] = ascii("_" + WeightHash.consecutive(j) + hash.signTag());
        }
        byte[] key = new byte[MAX_KEY];
        for (int i = 0; i < rows; i++) {
            byte[] start = ascii(WeightHash.consecutive(i));
            System.arraycopy(start, 0, key, 0, start.length);
            for (int j = 0; j < columns; j++) {
                entries[i * columns + j] = WeightHash.combined(
                        ended(key, start.length, bucketEnds[j], hash.seed()),
                        ended(key, start.length, signEnds[j], hash.seed()),
                        buckets);
            }
        }
    }

    private static int ended(byte[] key, int length, byte[] end, int seed) {
        System.arraycopy(end, 0, key, length, end.length);
        return XxHash32.of(key, length + end.length, seed);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
