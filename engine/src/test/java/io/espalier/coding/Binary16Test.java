package io.espalier.coding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import org.junit.jupiter.api.Test;

class Binary16Test {
    private static final int HALVES = 1 << 16;

    /** The value by the definition of the format. */
    private static double defined(int half) {
        int exponent = half >> 10 & 31;
        int fraction = half & 1023;
        double magnitude = exponent == 31
                ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                : exponent == 0 ? fraction * Math.pow(2, -24) : (1 + fraction / 1024.0) * Math.pow(2, exponent - 15);
        return half >> 15 == 0 ? magnitude : -magnitude;
    }

    @Test
    void everyHalfIsTheFloatOfItsDefinitionAndComesBack() {
        for (int half = 0; half < HALVES; half++) {
            float value = Binary16.toFloat((short) half);
            assertEquals(defined(half), value, "half " + half);
            int expected = Double.isNaN(defined(half)) ? half | 0x200 : half;
            assertEquals((short) expected, Binary16.of(value), "half " + half);
        }
    }

    /** Between neighbours: the midpoint goes to the even one, what lies beside it to the nearer. */
    @Test
    void floatsBetweenHalvesAreRoundedToTheNearest() {
        for (int low = 0; low < 0x7BFF; low++) {
            float middle = (float) ((defined(low) + defined(low + 1)) / 2);
            assertEquals((defined(low) + defined(low + 1)) / 2, middle, "midpoints are floats");
            int even = low % 2 == 0 ? low : low + 1;
            assertRounded(even, middle);
            assertRounded(low, Math.nextDown(middle));
            assertRounded(low + 1, Math.nextUp(middle));
        }
        assertRounded(0x7BFF, Math.nextDown(65520f));
        assertRounded(0x7C00, 65520f);
        assertRounded(0x7C00, Float.MAX_VALUE);
        assertRounded(0, Float.MIN_VALUE);
    }

    private static void assertRounded(int half, float value) {
        assertEquals((short) half, Binary16.of(value), value + " to " + half);
        assertEquals((short) (half | 0x8000), Binary16.of(-value), -value + " to " + half);
    }

    @Test
    void noFloatHasANearerHalf() {
        PhiloxSequence random = new PhiloxSequence(new Seed(1), 1);
        for (int i = 0; i < 200_000; i++) {
            float value = Float.intBitsToFloat(random.nextInt(Integer.MAX_VALUE));
            if (Float.isNaN(value) || value >= 65520) {
                continue;
            }
            int half = Binary16.of(value);
            double off = Math.abs(defined(half) - value);
            assertTrue(off <= Math.abs(defined(half + 1) - value), value + " to " + half);
            assertTrue(half == 0 || off <= Math.abs(defined(half - 1) - value), value + " to " + half);
        }
    }
}
