package io.espalier.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every result depends on, so that a change of it would change them all. The numbers are of an implementation of Philox 4x32-10
 * and of the shuffle in Python, written from their papers and descriptions.
 */
class PinnedBitsTest {
    private static final Seed SEED = new Seed(0x0123456789ABCDEFL);

    @Test
    void aSequenceReadsBlocksInOrder() {
        PhiloxSequence random = new PhiloxSequence(SEED, Stream.GENERATED_DATA.at(5));
        int[] expected = {
            0x0F7F68BE, 0xAE44BCE6, 0xBC77E6EA, 0x98503F8B, 0x05EF71F1, 0x5F65A717, 0xF587C2DB, 0xFD1425E3, 0x5C1A652C
        };
        assertArrayEquals(
                expected, IntStream.range(0, 9).map(i -> random.nextInt()).toArray());
        PhiloxSequence bounded = new PhiloxSequence(SEED, Stream.GENERATED_DATA.at(5));
        assertArrayEquals(
                new int[] {0, 6, 7, 5, 0, 3, 9, 9, 3},
                IntStream.range(0, 9).map(i -> bounded.nextInt(10)).toArray());
    }

    @Test
    void aShuffleIsAlwaysTheSame() {
        Shuffle small = new Shuffle(SEED.low(), SEED.high(), 3, 11);
        assertArrayEquals(
                new int[] {4, 1, 2, 7, 5, 0, 10, 3, 8, 9, 6},
                IntStream.range(0, 11).map(small::at).toArray());
        Shuffle large = new Shuffle(SEED.low(), SEED.high(), 3, 1000);
        assertArrayEquals(
                new int[] {648, 228, 703, 237, 73, 478},
                IntStream.range(0, 6).map(large::at).toArray());
    }

    @Test
    void streamsAndSeedsAreWords() {
        assertEquals(0x89ABCDEF, SEED.low());
        assertEquals(0x01234567, SEED.high());
        assertEquals("81985529216486895", SEED.toString());
        assertEquals(6 << 24 | 5, Stream.GENERATED_DATA.at(5));
        assertEquals((13 << 24) + (1 << 24) - 1, Stream.AUGMENTATION.at((1 << 24) - 1));
        assertThrows(IllegalArgumentException.class, () -> Stream.AUGMENTATION.at(1 << 24));
        assertEquals(0x1p-24f, Philox.unitFloat(256));
        assertEquals(0.5f, Philox.unitFloat(0x80000000));
    }
}
