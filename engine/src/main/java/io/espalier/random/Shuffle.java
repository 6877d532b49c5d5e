package io.espalier.random;

/**
 * A random permutation of 0 .. n - 1 that is computed, not stored: any position can be asked for alone, on any device.
 *
 * <p>A balanced Feistel network permutes the smallest domain of 4^h numbers that holds n; a value outside 0 .. n - 1 is
 * permuted again until it falls inside (cycle walking, Black and Rogaway 2002), fewer than four times on average. Its six round
 * keys are Philox words; its round function is the 32-bit finaliser of MurmurHash3 over half xor key.
 */
public final class Shuffle {
    private static final int ROUNDS = 6;

    private final int size;
    private final int halfBits;
    private final int[] roundKeys = new int[ROUNDS];

    /**
     * The order of the training examples in one epoch.
     *
     * @param key0 low word of the seed
     * @param key1 high word of the seed
     * @param epoch which permutation of this seed
     * @param size n, at least 1
     */
    public Shuffle(int key0, int key1, int epoch, int size) {
        this(Stream.DATA_ORDER, key0, key1, epoch, size);
    }

    /**
     * A permutation for another use.
     *
     * @param number which permutation of this seed and use
     */
    public Shuffle(Stream use, int key0, int key1, int number, int size) {
        if (size < 1) {
            throw new IllegalArgumentException("A permutation needs at least one element, got " + size);
        }
        this.size = size;
        int bits = 32 - Integer.numberOfLeadingZeros(size - 1);
        this.halfBits = Math.max(1, (bits + 1) / 2);
        int stream = use.at(0);
        for (int round = 0; round < ROUNDS; round++) {
            roundKeys[round] = Philox.word(key0, key1, round, number, stream);
        }
    }

    /** Which element stands at this position. */
    public int at(int position) {
        if (position < 0 || position >= size) {
            throw new IndexOutOfBoundsException("Position " + position + " of " + size);
        }
        int value = position;
        do {
            value = permuteDomain(value);
        } while (Integer.compareUnsigned(value, size) >= 0);
        return value;
    }

    private int permuteDomain(int value) {
        int half = (1 << halfBits) - 1;
        int left = value >>> halfBits;
        int right = value & half;
        for (int roundKey : roundKeys) {
            int mixed = left ^ (finalised(right ^ roundKey) & half);
            left = right;
            right = mixed;
        }
        return left << halfBits | right;
    }

    private static int finalised(int x) {
        x ^= x >>> 16;
        x *= 0x85EBCA6B;
        x ^= x >>> 13;
        x *= 0xC2B2AE35;
        return x ^ x >>> 16;
    }
}
