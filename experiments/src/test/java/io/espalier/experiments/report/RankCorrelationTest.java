package io.espalier.experiments.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RankCorrelationTest {
    private static BitSet left(int... weights) {
        BitSet left = new BitSet();
        for (int weight : weights) {
            left.set(weight);
        }
        return left;
    }

    @Test
    void equalOrdersAgreeAndTurnedOnesDisagree() {
        List<BitSet> order = List.of(left(0, 1, 2), left(0, 1), left(0));
        assertEquals(1, RankCorrelation.ofSurvival(order, order, 4), 1e-12);
        assertEquals(-1, RankCorrelation.ofSurvival(order, List.of(left(3, 2, 1), left(3, 2), left(3)), 4), 1e-12);
    }

    /** Of one mask it is the correlation of two yes-or-no variables: (n11 n00 - n10 n01) / sqrt of the product of the margins. */
    @Test
    void ofOneMaskItIsPhi() {
        double phi = (2.0 * 4 - 1 * 3) / Math.sqrt(3.0 * 7 * 5 * 5);
        assertEquals(phi, RankCorrelation.ofSurvival(List.of(left(0, 1, 2)), List.of(left(0, 1, 3, 4, 5)), 10), 1e-12);
    }

    /** Levels 2 2 1 1 0 0 0 0 and 2 1 2 0 1 0 0 0 have ranks 7.5, 5.5, 2.5: 23 of the 36 that the same order would have. */
    @Test
    void tiesShareTheirRanks() {
        assertEquals(
                23 / 36.0,
                RankCorrelation.ofSurvival(
                        List.of(left(0, 1, 2, 3), left(0, 1)), List.of(left(0, 1, 2, 4), left(0, 2)), 8),
                1e-12);
    }

    @Test
    void chanceIsNoAgreement() {
        SplittableRandom random = new SplittableRandom(7);
        BitSet one = new BitSet();
        BitSet other = new BitSet();
        for (int i = 0; i < 100_000; i++) {
            one.set(i, random.nextInt(10) == 0);
            other.set(i, random.nextInt(10) == 0);
        }
        assertEquals(0, RankCorrelation.ofSurvival(List.of(one), List.of(other), 100_000), 0.01);
        assertTrue(Double.isNaN(RankCorrelation.ofSurvival(List.of(), List.of(), 10)), "no ratio, no order");
    }
}
