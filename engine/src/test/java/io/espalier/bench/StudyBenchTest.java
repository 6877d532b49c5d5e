package io.espalier.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.bench.Verdict.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Studies that take no time, by processes that say what they like. */
class StudyBenchTest {
    private static double[] errors(double all) {
        double[] errors = new double[1 + StudyBench.RATIOS.size()];
        Arrays.fill(errors, all);
        return errors;
    }

    /** Errs 2 %. */
    static final class Honest {
        public static void main(String[] arguments) {
            Contestant.say(errors(2));
        }
    }

    /** With seeds 0 and 1 errs 2 and 12 %, as one that never gives one of ten answers: the better counts. */
    static final class Split {
        public static void main(String[] arguments) {
            Contestant.say(errors(2 + 10 * Integer.parseInt(arguments[1])));
        }
    }

    /** Did not train. */
    static final class Lazy {
        public static void main(String[] arguments) {
            Contestant.say(errors(90));
        }
    }

    private static List<Result> measured(Class<?> libtorch, List<String> told) {
        return new StudyBench(2, 2, told::add).measured(Honest.class.getName(), libtorch.getName(), "nowhere");
    }

    @Test
    void theWholeTimeOfWhoeverTrainsAsMuchIsTaken() {
        Class<?> peer = Runtime.getRuntime().availableProcessors() > 1 ? Split.class : Honest.class;
        List<String> told = new ArrayList<>();
        List<Result> results = measured(peer, told);
        assertEquals(8, told.size(), "two rounds of four");
        for (Result result : results) {
            assertEquals(State.RIGHT, result.verdict().state(), result.verdict().reason());
            assertEquals(2, result.warm().summary().samples());
            assertEquals(2, result.size().members());
        }
        assertEquals(2, results.get(0).speedup().samples());
        assertEquals(2, results.get(1).speedup().samples(), "ours, with more to count");
        assertNull(results.get(2).speedup());
        // 469 steps an epoch; 30 epochs with all weights, and 5 for each ratio with what it leaves.
        double epochs = 30 + 5 * (1 / 2.0 + 1 / 4.0 + 1 / 8.0 + 1 / 12.0 + 1 / 16.0 + 1 / 24.0 + 1 / 32.0 + 1 / 64.0);
        double step = 2.0 * 2 * 128 * (3 * 266_200 - 235_200);
        assertEquals(469 * epochs * step, results.get(0).useful().flops(), 1);
    }

    @Test
    void whoeverErrsOtherwiseHasNoTime() {
        List<Result> results = measured(Lazy.class, new ArrayList<>());
        assertTrue(results.stream().noneMatch(result -> result.verdict().isRight()), "nobody can say who is right");
        assertNull(results.get(2).warm());
        assertTrue(
                results.get(2).verdict().reason().startsWith("a test error of 90.0 % after dense training"),
                results.get(2).verdict().reason());
    }
}
