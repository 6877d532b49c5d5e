package io.espalier.random;

/**
 * Philox4x32-10: a block of 128 random bits as a pure function of a 64-bit key and a 128-bit counter.
 *
 * <p>Espalier's counter words are (index, step, stream, block): what is drawn, when, for which use, and which 128 bits of it.
 *
 * <p>Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
 */
public final class Philox {
    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final int ROUNDS = 10;

    private Philox() {}

    /** Writes the four words for (key0, key1) and counter (c0, c1, c2, c3) to {@code out[0..3]}. */
    public static void block(int key0, int key1, int c0, int c1, int c2, int c3, int[] out) {
        for (int round = 0; round < ROUNDS; round++) {
            long product0 = MULTIPLIER_0 * (c0 & 0xFFFFFFFFL);
            long product1 = MULTIPLIER_1 * (c2 & 0xFFFFFFFFL);
            c0 = (int) (product1 >>> 32) ^ c1 ^ key0;
            c1 = (int) product1;
            c2 = (int) (product0 >>> 32) ^ c3 ^ key1;
            c3 = (int) product0;
            key0 += WEYL_0;
            key1 += WEYL_1;
        }
        out[0] = c0;
        out[1] = c1;
        out[2] = c2;
        out[3] = c3;
    }

    /** The first word of the block for this counter. */
    public static int word(int key0, int key1, int index, int step, int stream) {
        int[] out = new int[4];
        block(key0, key1, index, step, stream, 0, out);
        return out[0];
    }

    /** A float32 in [0, 1) from the top 24 bits of a word: every backend derives it in this way. */
    public static float unitFloat(int word) {
        return (word >>> 8) * 0x1p-24f;
    }
}
