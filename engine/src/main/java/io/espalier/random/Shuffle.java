package io.espalier.random;

/**
 * A random permutation of 0 .. n - 1 that is computed, not stored: any position can be asked for alone, on any device.
 *
 * <p>A balanced Feistel network with Philox as its round function permutes the smallest domain of 4^h numbers that holds n;
 * a value outside 0 .. n - 1 is permuted again until it falls inside (cycle walking, Black and Rogaway 2002), fewer than four
 * times on average.
 */
public final class Shuffle {
    private static final int ROUNDS = 6;

    private final int key0;
    private final int key1;
    private final int size;
    private final int halfBits;
    private final int epoch;
    private final int stream;
    private final int[] words = new int[4];

    /**
     * The order of one epoch.
     *
     * @param key0 low word of the seed
     * @param key1 high word of the seed
     * @param epoch which permutation of this seed
     * @param size n, at least 1
     */
    public Shuffle(int key0, int key1, int epoch, int size) {
        if (size < 1) {
            throw new IllegalArgumentException("A permutation needs at least one element, got " + size);
        }
        this.key0 = key0;
        this.key1 = key1;
        this.epoch = epoch;
        this.size = size;
        this.stream = Stream.DATA_ORDER.at(0);
        int bits = 32 - Integer.numberOfLeadingZeros(size - 1);
        this.halfBits = Math.max(1, (bits + 1) / 2);
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
        for (int round = 0; round < ROUNDS; round++) {
            Philox.block(key0, key1, right, epoch, stream, round, words);
            int mixed = left ^ (words[0] & half);
            left = right;
            right = mixed;
        }
        return left << halfBits | right;
    }
}
