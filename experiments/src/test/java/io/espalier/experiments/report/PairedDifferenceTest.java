package io.espalier.experiments.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.random.Seed;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PairedDifferenceTest {
    private static Map<Seed, Double> errors(double... values) {
        Map<Seed, Double> errors = new HashMap<>();
        for (int seed = 0; seed < values.length; seed++) {
            errors.put(new Seed(seed), values[seed]);
        }
        return errors;
    }

    /** Differences 1, 2, 3, 4: mean 2.5, sd 1.29099, t(0.975, 3) = 3.18245, so the half width is 2.05426. */
    @Test
    void theIntervalIsStudents() {
        PairedDifference pair = PairedDifference.of("a", "b", "8", errors(2, 4, 6, 8), errors(1, 2, 3, 4));
        assertEquals(4, pair.n());
        assertEquals(2.5, pair.mean(), 1e-12);
        assertEquals(2.5 - 2.05426, pair.low(), 1e-4);
        assertEquals(2.5 + 2.05426, pair.high(), 1e-4);
        assertTrue(pair.isClear());
        assertFalse(
                PairedDifference.of("a", "b", "8", errors(2, 1), errors(1, 2)).isClear());
    }

    @Test
    void onlySeedsThatBothHaveCount() {
        PairedDifference pair = PairedDifference.of("a", "b", "8", errors(2, 4, 6), errors(1));
        assertEquals(1, pair.n());
        assertEquals(1, pair.mean());
        assertTrue(Double.isNaN(pair.low()), "one seed has no spread");
        assertFalse(pair.isClear());
        assertEquals(0, PairedDifference.of("a", "b", "8", errors(), errors(1)).n());
    }
}
