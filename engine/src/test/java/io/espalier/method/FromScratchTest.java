package io.espalier.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Activation;
import io.espalier.backend.WeightHash;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.Law;
import io.espalier.compress.Scope;
import io.espalier.compress.SnipSaliency;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Storage;
import io.espalier.network.StoreSpec;
import io.espalier.train.Distillation;
import io.espalier.train.Instruction;
import io.espalier.train.LearningRate;
import io.espalier.train.Length;
import io.espalier.train.Penalty;
import io.espalier.train.RegrowthSchedule;
import io.espalier.train.ReportAt;
import io.espalier.train.TrainingSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A ratio means the same storage for every method: never more numbers than floor(P / ratio), and hardly fewer. */
class FromScratchTest {
    private static final TrainingSettings TRAINING =
            new TrainingSettings(7, 50, new LearningRate.Constant(0.1), 0.9, 0, 0, Penalty.NONE, ReportAt.LAST);
    private static final FromScratch SCRATCH = new FromScratch(TRAINING, OptionalInt.empty(), List.of());
    private static final List<NetworkSpec> NETWORKS =
            List.of(network(784, 1000, 10), network(784, 300, 100, 10), network(97, 31, 33, 2), network(50, 40, 3));

    private static NetworkSpec network(Integer... sizes) {
        return new NetworkSpec(List.of(sizes), Activation.RELU, Activation.LINEAR, Loss.SOFTMAX, Initialization.HE);
    }

    private static Trajectory at(Method method, NetworkSpec network, double ratio) {
        return method.trajectories(new Surroundings(network, List.of(new CompressionRatio(ratio)), 40, List.of()))
                .get(0);
    }

    private static Storage storage(Trajectory trajectory) {
        return ((Instruction.Initialize) trajectory.program().instructions().get(0)).storage();
    }

    private static int stored(Trajectory trajectory) {
        return storage(trajectory).parameters(trajectory.network());
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 2, 4, 7.5})
    void hashedNetworksStoreExactlyWhatARatioLeaves(double ratio) {
        for (NetworkSpec network : NETWORKS) {
            int budget = (int) Math.floor(network.parameters() / ratio);
            for (int expand : new int[] {1, 2, 3}) {
                Method hashed = new Hashed("h", SCRATCH, WeightHash.Mode.NATIVE, false, expand);
                Trajectory trajectory = at(hashed, network, ratio);
                assertEquals(budget, stored(trajectory), network + " " + expand + "x wide");
                assertEquals(
                        network.sizes().get(1) * expand,
                        trajectory.network().sizes().get(1));
                assertEquals(40, trajectory.epochs(), "as long as the longest pruned row");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {2, 4, 7.5})
    void theOthersStoreAtMostThat(double ratio) {
        for (NetworkSpec network : NETWORKS) {
            int budget = (int) Math.floor(network.parameters() / ratio);
            Trajectory lowRank = at(new LowRank("l", SCRATCH, 1), network, ratio);
            int widest = network.sizes().stream()
                    .skip(1)
                    .mapToInt(Integer::intValue)
                    .max()
                    .orElseThrow();
            assertTrue(
                    stored(lowRank) <= budget && stored(lowRank) > budget - widest, network + ": " + stored(lowRank));
            Trajectory edges = at(new RandomEdges("r", SCRATCH, 2), network, ratio);
            Instruction.Prune cut =
                    (Instruction.Prune) edges.program().instructions().get(1);
            int biases = edges.network().parameters() - edges.network().prunable();
            assertEquals(budget, cut.keep() + biases, network.toString());
            assertEquals(network.widenedBy(2), edges.network());
            Trajectory snip = at(
                    new PruneAtInitialization("s", SCRATCH, new SnipSaliency(), Scope.GLOBAL, Law.GEOMETRIC, 5),
                    network,
                    ratio);
            List<Instruction> program = snip.program().instructions();
            assertEquals(
                    budget - (network.parameters() - network.prunable()),
                    ((Instruction.Prune) program.get(5)).keep(),
                    "the last of five cuts");
            assertTrue(program.get(6) instanceof Instruction.StartPhase, "before any training");
            assertEquals(network, snip.network());
            Trajectory narrow = at(new EqualSize("e", SCRATCH), network, ratio);
            assertTrue(narrow.network().parameters() <= budget, network.toString());
        }
    }

    @Test
    void thePublishedCountsAreThoseOfEveryLayer() {
        Method published = new Hashed("h", SCRATCH, WeightHash.Mode.PAPER, true, 1);
        List<StoreSpec> layers = storage(at(published, NETWORKS.get(0), 8)).layers();
        assertEquals(new StoreSpec.Hashed(WeightHash.Mode.PAPER, 1691, 98_000, 125), layers.get(0));
        assertEquals(new StoreSpec.Hashed(WeightHash.Mode.PAPER, 1691, 1250, 2), layers.get(1));
        Method denseBiases = new Hashed("h", SCRATCH, WeightHash.Mode.PAPER, false, 1);
        assertEquals(1000, storage(at(denseBiases, NETWORKS.get(0), 8)).layer(0).biases(1000));
        Trajectory wide = at(new Hashed("h", SCRATCH, WeightHash.Mode.PAPER, true, 4), NETWORKS.get(0), 8);
        assertEquals(795_010 / 8.0, stored(wide), 4, "the same storage inflated, up to rounding in four places");
    }

    @Test
    void ratiosThatNobodyReachesAreNamed() {
        for (Method method : List.of(
                new Hashed("h", SCRATCH, WeightHash.Mode.NATIVE, false, 1),
                new LowRank("h", SCRATCH, 1),
                new RandomEdges("h", SCRATCH, 1),
                new PruneAtInitialization("h", SCRATCH, new SnipSaliency(), Scope.LAYER, Law.GEOMETRIC, 1),
                new EqualSize("h", SCRATCH))) {
            UnreachableRatioException e = assertThrows(
                    UnreachableRatioException.class, () -> at(method, NETWORKS.get(3), 400), method.toString());
            assertEquals(new CompressionRatio(400), e.ratio());
            assertTrue(e.getMessage().contains("leave out `h`"), e.getMessage());
        }
        Method expanded = new Hashed("h", SCRATCH, WeightHash.Mode.NATIVE, false, 64);
        assertThrows(UnreachableRatioException.class, () -> at(expanded, NETWORKS.get(3), 8));
    }

    @Test
    void aTeacherIsHeardBeforeTrainingBegins() {
        Distillation how = new Distillation(4, 0.5);
        FromScratch taught =
                new FromScratch(TRAINING, OptionalInt.empty(), List.of(), Optional.of(new Teacher("dense", how)));
        Method pupil = new EqualSize("dark", taught);
        assertEquals(Optional.of("dense"), pupil.from());
        Trajectory trajectory = at(pupil, NETWORKS.get(0), 8);
        assertEquals(
                new Instruction.LearnFrom(how),
                trajectory.program().instructions().get(1));
        assertEquals(
                "{\"kind\":\"equal-size\",\"of\":\"784-1000-10\",\"distill\":{\"temperature\":4.0,\"weight\":0.5}}",
                trajectory.canonical().toString());
        for (double[] bad : new double[][] {{0, 0.5}, {-1, 0.5}, {4, 0}, {4, 1.5}, {Double.NaN, 1}}) {
            assertThrows(IllegalArgumentException.class, () -> new Distillation(bad[0], bad[1]));
        }
    }

    @Test
    void aChosenEpochIsReportedWhereMasksMoveToo() {
        CompressionRatio eight = new CompressionRatio(8);
        RegrowthSchedule moves = RegrowthSchedule.published(Length.epochs(1));
        Trajectory chosen = at(new Rigl("r", SCRATCH, Scope.LAYER, moves), NETWORKS.get(0), 8)
                .reportingAt(Map.of(eight, 31));
        List<Instruction> program = chosen.program().instructions();
        assertEquals(
                List.of(new Instruction.TrainRegrowing(Length.epochs(31), moves), new Instruction.TakeReadout(eight)),
                program.subList(program.size() - 2, program.size()));
        assertEquals(31, chosen.epochs());
        assertEquals(
                40, chosen.program().scheduleEpochs(eight), "the schedule of the moves is that of the full length");
        Instruction.Prune cut = (Instruction.Prune) program.get(1);
        assertEquals(eight.weightsKept(NETWORKS.get(0)), cut.keep());
    }

    @Test
    void aLengthOfTheirOwnCounts() {
        FromScratch shortly = new FromScratch(TRAINING, OptionalInt.of(3), List.of());
        Trajectory trajectory = at(new LowRank("l", shortly, 1), NETWORKS.get(0), 8);
        assertEquals(3, trajectory.epochs());
        assertTrue(trajectory.program().instructions().contains(new Instruction.Train(Length.epochs(3))));
    }
}
