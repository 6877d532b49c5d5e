package io.espalier.backend;

import io.espalier.random.XxHash32;
import java.nio.charset.StandardCharsets;

/**
 * Which bucket an element of a virtual matrix takes its number from, and with which sign (Chen et al. 2015, "Compressing neural
 * networks with the hashing trick", equations 3 and 7): two hashes of its place, reduced modulo the number of buckets and
 * modulo two. An odd sign hash is +1, an even one -1, as in the authors' code.
 *
 * @param mode which keys are hashed
 * @param seed of xxHash32
 * @param layer the number of the linear map, from 0
 * @param part what the virtual matrix is
 */
public record WeightHash(Mode mode, int seed, int layer, Part part) {
    /** The seed of the authors' code. */
    public static final int PUBLISHED_SEED = 1691;

    /** The keys. */
    public enum Mode {
        /** Row and column as little-endian 32-bit words, from 0; seeds s + 2 layer and s + 2 layer + 1 for bucket and sign. */
        NATIVE,
        /**
         * The text of the authors' code: rows i, i + 1, i + 2 in decimal, an underscore, columns j, j + 1, j + 2, and a tag that
         * tells bucket from sign and weights from biases; counted from 1, one seed for all layers.
         */
        PAPER
    }

    /** A layer's virtual matrices. */
    public enum Part {
        /** (outputs, inputs). */
        WEIGHTS("W"),
        /** (outputs, 1). */
        BIASES("B");

        private final String tag;

        Part(String tag) {
            this.tag = tag;
        }
    }

    public WeightHash {
        if (mode == Mode.NATIVE && part == Part.BIASES) {
            throw new IllegalArgumentException("Biases are hashed in the paper's mode only");
        }
    }

    /** The hash of the other virtual matrix of the layer. */
    public WeightHash of(Part other) {
        return new WeightHash(mode, seed, layer, other);
    }

    /** What is used of an element's hashes: twice its bucket, plus one if its sign is -1. */
    public int entry(int row, int column, int buckets) {
        if (mode == Mode.NATIVE) {
            int first = seed + 2 * layer;
            return combined(XxHash32.of(row, column, first), XxHash32.of(row, column, first + 1), buckets);
        }
        String place = consecutive(row) + "_" + consecutive(column);
        return combined(text(place + bucketTag()), text(place + signTag()), buckets);
    }

    /** The entry of an element with these two hashes. */
    public static int combined(int bucketHash, int signHash, int buckets) {
        return Integer.remainderUnsigned(bucketHash, buckets) << 1 | ~signHash & 1;
    }

    /** The three consecutive numbers, counted from 1, by which the paper's keys name a row or a column. */
    public static String consecutive(int index) {
        return "" + (index + 1) + (index + 2) + (index + 3);
    }

    /** How the paper's keys for buckets end. */
    public String bucketTag() {
        return "idx" + part.tag;
    }

    /** How the paper's keys for signs end. */
    public String signTag() {
        return "xi_" + part.tag;
    }

    private int text(String key) {
        return XxHash32.of(key.getBytes(StandardCharsets.US_ASCII), key.length(), seed);
    }
}
