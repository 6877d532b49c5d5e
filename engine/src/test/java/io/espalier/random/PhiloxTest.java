package io.espalier.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PhiloxTest {
    /** Known answers that the authors publish with Random123 (kat_vectors, philox4x32 10). */
    @Test
    void knownAnswers() {
        assertBlock(0, 0, new int[4], 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
        assertBlock(-1, -1, new int[] {-1, -1, -1, -1}, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
        assertBlock(
                0xa4093822,
                0x299f31d0,
                new int[] {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                0xd16cfe09,
                0x94fdcceb,
                0x5001e420,
                0x24126ea1);
    }

    private static void assertBlock(int key0, int key1, int[] counter, int... expected) {
        int[] out = new int[4];
        Philox.block(key0, key1, counter[0], counter[1], counter[2], counter[3], out);
        assertArrayEquals(expected, out);
    }

    @Test
    void unitFloatsStayBelowOne() {
        assertEquals(0f, Philox.unitFloat(0));
        assertTrue(Philox.unitFloat(-1) < 1f);
    }

    @Test
    void boundedIntegersAreUniform() {
        PhiloxSequence random = new PhiloxSequence(new Seed(1), Stream.GENERATED_DATA.at(0));
        int[] counts = new int[7];
        int draws = 70_000;
        for (int i = 0; i < draws; i++) {
            counts[random.nextInt(7)]++;
        }
        double chiSquare = 0;
        for (int count : counts) {
            chiSquare += (count - 10_000.0) * (count - 10_000.0) / 10_000;
        }
        // 22.5 is exceeded by chance once in a thousand seeds; this seed is fixed.
        assertTrue(chiSquare < 22.5, "chi-square " + chiSquare);
    }

    @Test
    void gaussiansHaveUnitVariance() {
        PhiloxSequence random = new PhiloxSequence(new Seed(2), Stream.INITIAL_WEIGHTS.at(0));
        int draws = 100_000;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < draws; i++) {
            double x = random.nextGaussian();
            sum += x;
            squares += x * x;
        }
        assertEquals(0, sum / draws, 0.015);
        assertEquals(1, squares / draws, 0.02);
    }
}
