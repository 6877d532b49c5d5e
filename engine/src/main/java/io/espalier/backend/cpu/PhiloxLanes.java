package io.espalier.backend.cpu;

import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link io.espalier.random.Philox} for eight consecutive values of the last counter word at a time; the same bits. */
final class PhiloxLanes {
    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_512;

    /** Blocks made at once. */
    static final int WIDTH = 8;

    /** Whether this machine multiplies long vectors; elsewhere the scalar form is faster. */
    static final boolean IS_FAST = Lanes.FLOATS.vectorBitSize() == LONGS.vectorBitSize();

    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final int ROUNDS = 10;
    private static final long WORD = 0xFFFFFFFFL;

    private final long[] low = new long[WIDTH];
    private final long[] high = new long[WIDTH];
    private final LongVector iota = LongVector.fromArray(LONGS, new long[] {0, 1, 2, 3, 4, 5, 6, 7}, 0);

    /** Makes the blocks for counters (c0, c1, c2, firstBlock), (c0, c1, c2, firstBlock + 1), and so on. */
    void blocks(int key0, int key1, int c0, int c1, int c2, int firstBlock) {
        LongVector x0 = LongVector.broadcast(LONGS, c0 & WORD);
        LongVector x1 = LongVector.broadcast(LONGS, c1 & WORD);
        LongVector x2 = LongVector.broadcast(LONGS, c2 & WORD);
        LongVector x3 = iota.add(firstBlock & WORD).and(WORD);
        int k0 = key0;
        int k1 = key1;
        for (int round = 0; round < ROUNDS; round++) {
            LongVector product0 = x0.mul(MULTIPLIER_0);
            LongVector product1 = x2.mul(MULTIPLIER_1);
            x0 = product1.lanewise(VectorOperators.LSHR, 32)
                    .lanewise(VectorOperators.XOR, x1)
                    .lanewise(VectorOperators.XOR, k0 & WORD);
            x1 = product1.and(WORD);
            x2 = product0.lanewise(VectorOperators.LSHR, 32)
                    .lanewise(VectorOperators.XOR, x3)
                    .lanewise(VectorOperators.XOR, k1 & WORD);
            x3 = product0.and(WORD);
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        x0.or(x1.lanewise(VectorOperators.LSHL, 32)).intoArray(low, 0);
        x2.or(x3.lanewise(VectorOperators.LSHL, 32)).intoArray(high, 0);
    }

    /** Words 0 and 1 of a block, word 0 in the low half. */
    long low(int lane) {
        return low[lane];
    }

    /** Words 2 and 3 of a block, word 2 in the low half. */
    long high(int lane) {
        return high[lane];
    }
}
