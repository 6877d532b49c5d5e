package io.espalier.experiments.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.random.Seed;
import java.util.HashMap;
import java.util.List;
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

    /** t = 2.5 / (1.29099 / 2) = 3.87298 on 3 degrees of freedom: p = 0.030466. */
    @Test
    void theTestIsStudents() {
        PairedDifference pair = PairedDifference.of("a", "b", "8", errors(2, 4, 6, 8), errors(1, 2, 3, 4));
        assertEquals(0.030466, pair.p(), 1e-6);
        assertEquals(
                0,
                PairedDifference.of("a", "b", "8", errors(2, 3), errors(1, 2)).p(),
                "always the same difference");
        assertEquals(
                1,
                PairedDifference.of("a", "b", "8", errors(2, 3), errors(2, 3)).p(),
                "never one");
        assertTrue(Double.isNaN(
                PairedDifference.of("a", "b", "8", errors(2), errors(1)).p()));
        PairedDifference turned = pair.turned();
        assertEquals(PairedDifference.of("b", "a", "8", errors(1, 2, 3, 4), errors(2, 4, 6, 8)), turned);
    }

    private static PairedDifference withP(double p) {
        return new PairedDifference("a", "b" + p, "8", 3, 1, 0, 2, p, Double.NaN);
    }

    /** Holm (1979): of 0.01, 0.02, 0.03 and 0.04 the first is 4 x 0.01, the second 3 x 0.02, and no later one is smaller. */
    @Test
    void manyQuestionsWantStrongerAnswers() {
        List<PairedDifference> corrected = PairedDifference.corrected(
                List.of(withP(0.04), withP(0.01), withP(0.03), withP(Double.NaN), withP(0.02)));
        List<Double> holm = corrected.stream().map(PairedDifference::holm).toList();
        assertEquals(0.06, holm.get(0), 1e-12);
        assertEquals(0.04, holm.get(1), 1e-12);
        assertEquals(0.06, holm.get(2), 1e-12);
        assertTrue(Double.isNaN(holm.get(3)));
        assertEquals(0.06, holm.get(4), 1e-12);
        assertTrue(corrected.get(1).holds()
                && !corrected.get(4).holds()
                && !corrected.get(3).holds());
        assertEquals(
                1,
                PairedDifference.corrected(List.of(withP(0.6), withP(0.7)))
                        .get(0)
                        .holm());
    }
}
