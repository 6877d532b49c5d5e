package io.espalier.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.reference.ReferenceBackend;
import io.espalier.bench.Verdict.State;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training beside libtorch, which is played by ourselves, by somebody who is wrong, and by nobody. */
class PeerBenchTest {
    private static final String NETWORK = "30-20-10";
    private static final StoppingRule SHORT = new StoppingRule(3, 0, 1, 0.05);

    /** Somebody who computes something else. */
    static final class Wrong {
        public static void main(String[] arguments) throws IOException {
            Contestant.serve(new double[] {1, 2}, new Steps() {
                @Override
                public void run(int steps) {}

                @Override
                public void close() {}
            });
        }
    }

    private static List<Result> measured(String libtorch, PeerGrid grid) {
        try (Rig rig = Rig.cpu(new CpuBackend(), 1 << 16)) {
            return new PeerBench(
                            rig,
                            Oracle.reference(ReferenceBackend.open()),
                            SHORT,
                            Budget.unlimited(),
                            libtorch,
                            line -> {})
                    .measured(grid);
        }
    }

    private static PeerGrid grid(List<Integer> trials) {
        return new PeerGrid(List.of(NETWORK), List.of(5), List.of(0.9), List.of(4), trials);
    }

    @Test
    void everyKindIsMeasuredRoundByRound() {
        List<Result> results = measured(EspalierContestant.class.getName(), grid(List.of(1)));
        List<Result> ours =
                results.stream().filter(one -> one.role() == Role.SUBJECT).toList();
        assertEquals(
                List.of(
                        "dense step of " + NETWORK,
                        "masked step of " + NETWORK,
                        "hashed step of " + NETWORK,
                        "curvature pass of " + NETWORK,
                        "curvature pass beside Gauss-Newton of " + NETWORK,
                        "trials: dense step of " + NETWORK,
                        "trials: masked step of " + NETWORK),
                ours.stream().map(Result::op).toList());
        for (Result result : results) {
            assertEquals(State.RIGHT, result.verdict().state(), result + "");
            assertNotNull(result.warm(), result.op());
        }
        for (Result result : ours) {
            assertEquals(
                    result.warm().summary().samples(), result.speedup().samples(), "a speedup for each of the rounds");
        }
        assertEquals(0.9, ours.get(1).size().sparsity());
        assertEquals(4, ours.get(2).size().compression());
        assertTrue(ours.get(1).useful().flops() < ours.get(0).useful().flops() / 5);
    }

    @Test
    void whoeverIsWrongOrAbsentIsNotTimed() {
        PeerGrid one = new PeerGrid(List.of(NETWORK), List.of(5), List.of(), List.of(), List.of());
        for (String peer : List.of(Wrong.class.getName(), "io.espalier.bench.Nobody")) {
            List<Result> results = measured(peer, one);
            Result ours = results.get(0);
            assertNotNull(ours.warm(), "we are timed whoever else is");
            assertNull(ours.speedup(), "there is nobody to be faster than");
            Result theirs = results.get(1);
            assertFalse(theirs.verdict().isRight());
            assertNull(theirs.warm());
            String reason = theirs.verdict().reason();
            assertTrue(
                    reason.contains(
                            peer.equals(Wrong.class.getName()) ? "answer 1 of 2 is 1.0 instead of" : "ClassNotFound"),
                    reason);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dense", "masked 0.95", "hashed 8", "curvature"})
    void answersAreTheReferencesAndSurviveTheWayToAnotherProcess(String load) {
        assertEquals(load, Load.parse(load).toString());
        TrainingProblem problem = TrainingProblem.of("784-30-10", 7, Load.parse(load));
        double[] right = Answers.of(problem, ReferenceBackend.open(), 1);
        double[] ours = Answers.of(problem, new CpuBackend(), 1);
        assertArrayEquals(right, ours, 1e-5 * Math.abs(right[0]));
        assertTrue(Verdict.of(ours, right, 1e-4).isRight());
        assertFalse(Verdict.of(new double[] {right[0]}, right, 1e-4).isRight(), "an answer is missing");
    }

    @Test
    void convolutionalNetworksHaveDenseAndMaskedSteps() {
        PeerGrid grid = new PeerGrid(List.of("lenet-5"), List.of(128), List.of(0.98), List.of(8), List.of());
        assertEquals(
                List.of("dense", "masked 0.98"),
                grid.alone().stream().map(problem -> problem.load().toString()).toList());
    }

    @Test
    void whatCannotBeTrainedIsRefused() {
        for (String name : List.of("resnet", "784", "784--10", "0-10", "784-x")) {
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> TrainingProblem.of(name, 1, Load.DENSE), name);
            assertTrue(refused.getMessage().contains("`" + name + "`"), refused.getMessage());
        }
        List<String> networks = List.of(NETWORK);
        List<Integer> none = List.of();
        for (Runnable grid : List.<Runnable>of(
                () -> new PeerGrid(List.of(), List.of(1), List.of(), none, none),
                () -> new PeerGrid(networks, List.of(0), List.of(), none, none),
                () -> new PeerGrid(networks, List.of(1), List.of(1.0), none, none),
                () -> new PeerGrid(networks, List.of(1), List.of(), List.of(1), none),
                () -> new PeerGrid(networks, List.of(1), List.of(), none, List.of(0)))) {
            assertThrows(IllegalArgumentException.class, grid::run);
        }
        assertThrows(IllegalArgumentException.class, () -> Load.parse("ternary"));
    }
}
