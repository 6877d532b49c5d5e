package io.espalier.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.network.NamedNetwork;
import io.espalier.network.NetworkSpec;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Counts: what a ratio keeps, how scopes share it, how laws get there. */
class ExactCountTest {
    private static final NetworkSpec LENET = NamedNetwork.LENET_300_100.spec();

    @Test
    void achievedRatioIsNeverBelowTheTargetAndLessThanAWeightAbove() {
        for (double target : new double[] {1, 1.5, 2, 4, 8, 12, 16, 32, 64, 67, 100, 300}) {
            CompressionRatio ratio = new CompressionRatio(target);
            int stored = ratio.weightsKept(LENET) + 410;
            assertTrue(266_610.0 / stored >= target, ratio.toString());
            assertTrue(266_610.0 / (stored + 1) < target, ratio.toString());
        }
        assertEquals(266_200, new CompressionRatio(1).weightsKept(LENET));
        assertThrows(IllegalArgumentException.class, () -> new CompressionRatio(700).weightsKept(LENET));
        for (double bad : new double[] {0.5, 0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> new CompressionRatio(bad));
        }
        assertEquals("8", new CompressionRatio(8).toString());
        assertEquals("1.5", new CompressionRatio(1.5).toString());
    }

    @Test
    void sharesAddUpAndFollowSize() {
        int[] sizes = {235_200, 30_000, 1000};
        assertArrayEquals(new int[] {23_520, 3000, 100}, Scope.share(26_620, sizes, sizes));
        assertArrayEquals(new int[] {1, 0, 0}, Scope.share(1, sizes, sizes));
    }

    /** 20 % of what is left and 10 % of the last layer's, round after round: the weights left in Frankle and Carbin 2019. */
    @Test
    void theLastLayerLosesHalfTheShareOfTheOthers() {
        int[] alive = {235_200, 30_000, 1000};
        for (int round = 1; round <= 15; round++) {
            double left = 265_200 * Math.pow(0.8, round) + 1000 * Math.pow(0.9, round);
            int keep = (int) Math.round(left);
            alive = Scope.LAYER_HALF_OUTPUT.kept(LENET, alive, keep);
            assertEquals(keep, Arrays.stream(alive).sum());
            assertEquals(235_200 * Math.pow(0.8, round), alive[0], 3);
            assertEquals(30_000 * Math.pow(0.8, round), alive[1], 3);
            assertEquals(1000 * Math.pow(0.9, round), alive[2], 3);
        }
        assertEquals(0.036, Arrays.stream(alive).sum() / 266_200.0, 5e-4);
        assertArrayEquals(new int[] {0, 0, 3}, Scope.LAYER_HALF_OUTPUT.kept(LENET, new int[] {9, 9, 9}, 3));
        assertArrayEquals(new int[] {0, 0, 0}, Scope.LAYER_HALF_OUTPUT.kept(LENET, new int[] {9, 9, 9}, 0));
    }

    @Test
    void smallLayersOfARandomGraphAreDenser() {
        int[] all = {235_200, 30_000, 1000};
        int[] kept = Scope.ERK.kept(LENET, all, 13_310);
        assertEquals(13_310, Arrays.stream(kept).sum());
        for (int l = 0; l < 3; l++) {
            assertEquals(13_310.0 * (LENET.inputs(l) + LENET.outputs(l)) / (1084 + 400 + 110), kept[l], 1);
        }
        int[] full = Scope.ERK.kept(LENET, all, 20_000);
        assertEquals(1000, full[2], "1380 would be its share");
        assertEquals(19_000.0 * 1084 / 1484, full[0], 1, "the others have the rest in proportion");
        assertEquals(20_000, Arrays.stream(full).sum());
        assertArrayEquals(all, Scope.ERK.kept(LENET, all, 266_200));
        assertArrayEquals(new int[] {235_199, 30_000, 1000}, Scope.ERK.kept(LENET, all, 266_199));
        assertArrayEquals(new int[] {0, 0, 0}, Scope.ERK.kept(LENET, all, 0));
        int[] left = all;
        for (int keep = 266_200; keep > 0; keep = (int) (keep * 0.83)) {
            int[] next = Scope.ERK.kept(LENET, left, keep);
            assertEquals(keep, Arrays.stream(next).sum());
            for (int l = 0; l < 3; l++) {
                assertTrue(next[l] <= left[l]);
            }
            left = next;
        }
    }

    @Test
    void sharesNeverExceedWhatIsAlive() {
        PhiloxSequence random = new PhiloxSequence(new Seed(9), 1);
        for (int round = 0; round < 2000; round++) {
            int[] sizes = new int[1 + random.nextInt(6)];
            Arrays.setAll(sizes, i -> 1 + random.nextInt(40));
            int[] alive = sizes.clone();
            int keep = Arrays.stream(sizes).sum();
            while (keep > 0) {
                keep -= 1 + random.nextInt(keep);
                int[] shares = Scope.share(keep, sizes, alive);
                assertEquals(keep, Arrays.stream(shares).sum());
                for (int i = 0; i < sizes.length; i++) {
                    assertTrue(shares[i] <= alive[i], "the Alabama paradox must not bring weights back");
                }
                alive = shares;
            }
        }
    }

    @Test
    void lawsEndExactlyAndNeverGrow() {
        for (Law law : Law.values()) {
            for (int cycles = 1; cycles <= 20; cycles++) {
                int[] alive = law.aliveAfter(cycles, 10_000, 137, 10_000);
                assertEquals(137, alive[cycles - 1]);
                for (int i = 1; i < cycles; i++) {
                    assertTrue(alive[i] <= alive[i - 1]);
                }
            }
        }
    }

    /** The removed shares that the authors' formula gives for targets 0.9 and 0.99. */
    @Test
    void publishedScheduleOfBaktash() {
        int all = 1_000_000;
        int[] alive = Law.F_K.aliveAfter(15, all, all - 900_000, all);
        double[] expected = {0.760, 0.794, 0.814};
        for (int k = 0; k < expected.length; k++) {
            assertEquals(expected[k], 1 - alive[k] / 1e6, 5e-4);
        }
        assertEquals(0.865, 1 - alive[7] / 1e6, 5e-4);
        assertEquals(0.888, 1 - alive[11] / 1e6, 5e-4);
        int[] deeper = Law.F_K.aliveAfter(15, all, all - 990_000, all);
        assertEquals(0.836, 1 - deeper[0] / 1e6, 5e-4);
    }

    @Test
    void geometricKeepsTheSameShare() {
        assertArrayEquals(new int[] {500, 250, 125}, Law.GEOMETRIC.aliveAfter(3, 1000, 125, 1000));
        assertArrayEquals(new int[] {750, 500, 250}, Law.LINEAR.aliveAfter(3, 1000, 250, 1000));
    }
}
