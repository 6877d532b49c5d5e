package io.espalier.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Activation;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.Law;
import io.espalier.compress.SaliencyKind;
import io.espalier.compress.Scope;
import io.espalier.compress.UnitCriterionKind;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.NamedNetwork;
import io.espalier.network.NetworkSpec;
import io.espalier.train.Distillation;
import io.espalier.train.Instruction;
import io.espalier.train.LearningRate;
import io.espalier.train.Length;
import io.espalier.train.Penalty;
import io.espalier.train.Recovery;
import io.espalier.train.ReportAt;
import io.espalier.train.TrainingSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What pruning methods do, and how long. */
class PruningTest {
    private static final NetworkSpec LENET = NamedNetwork.LENET_300_100.spec();
    private static final TrainingSettings TRAINING =
            new TrainingSettings(3, 50, new LearningRate.Constant(0.1), 0.9, 0, 0, Penalty.NONE, ReportAt.LAST);
    private static final SparsitySchedule TWO_CYCLES = new SparsitySchedule(Law.GEOMETRIC, 2, false);
    private static final int LONGEST = 40;
    private static final NetworkSpec SQUARED = new NetworkSpec(
            List.of(784, 30, 10), Activation.SIGMOID, Activation.SIGMOID, Loss.MSE, Initialization.GLOROT);

    private static Surroundings around(double... ratios) {
        return new Surroundings(
                LENET,
                java.util.Arrays.stream(ratios).mapToObj(CompressionRatio::new).toList(),
                LONGEST,
                List.of());
    }

    private static PruneNeurons neurons(Scope scope, SparsitySchedule schedule, Recovery recovery) {
        return new PruneNeurons(
                "n",
                UnitCriterionKind.WEIGHT_NORM.criterion(),
                new FromTrained(TRAINING, scope, schedule, recovery, "dense", List.of()));
    }

    private static Prune weights(SparsitySchedule schedule, Recovery recovery) {
        return new Prune(
                "w",
                SaliencyKind.MAGNITUDE.saliency(),
                new FromTrained(TRAINING, Scope.GLOBAL, schedule, recovery, "dense", List.of()));
    }

    private static <I extends Instruction> List<I> of(Class<I> kind, Trajectory trajectory) {
        return trajectory.program().instructions().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    private static List<Integer> budgets(Trajectory trajectory) {
        return of(Instruction.Shrink.class, trajectory).stream()
                .map(Instruction.Shrink::parameters)
                .toList();
    }

    @Test
    void unitsGoUntilTheRatioIsReached() {
        List<Trajectory> all =
                neurons(Scope.GLOBAL, TWO_CYCLES, new Recovery.FineTune()).trajectories(around(2, 8, 100));
        assertEquals(1, all.size());
        List<Integer> budgets = budgets(all.get(0));
        assertEquals(6, budgets.size());
        assertEquals(List.of(133_305, 33_326, 2666), List.of(budgets.get(1), budgets.get(3), budgets.get(5)));
        assertEquals(Math.round(266_610 / Math.sqrt(2)), (long) budgets.get(0), 1.0);
        assertEquals(LENET, all.get(0).network(), "it starts whole");
        assertEquals(6 * 3, all.get(0).epochs());
        assertEquals(
                "{\"kind\":\"prune-neurons\",\"criterion\":\"weight-norm\",\"cycles\":2}",
                all.get(0).canonical().toString());
    }

    @Test
    void whatIsCutMayLearnFromTheWholeNetwork() {
        Distillation how = new Distillation(2, 0.9);
        for (Recovery recovery : List.of(new Recovery.FineTune(), new Recovery.Scratch())) {
            Prune weights = weights(TWO_CYCLES, recovery);
            PruneNeurons units = neurons(Scope.GLOBAL, TWO_CYCLES, recovery);
            FromTrained taught =
                    new FromTrained(TRAINING, Scope.GLOBAL, TWO_CYCLES, recovery, "dense", List.of(), Optional.of(how));
            Method taughtWeights = new Prune("w", weights.saliency(), taught);
            Method taughtUnits = new PruneNeurons("n", units.criterion(), taught);
            for (List<Method> pair :
                    List.of(List.<Method>of(weights, taughtWeights), List.<Method>of(units, taughtUnits))) {
                Trajectory alone = pair.get(0).trajectories(around(8)).get(0);
                Trajectory pupil = pair.get(1).trajectories(around(8)).get(0);
                List<Instruction> program = new ArrayList<>(pupil.program().instructions());
                assertEquals(new Instruction.LearnFrom(how), program.remove(1), "before the first cut");
                assertEquals(alone.program().instructions(), program);
                assertEquals(
                        "{\"temperature\":2.0,\"weight\":0.9}",
                        pupil.canonical().get("distill").toString());
                assertFalse(alone.canonical().has("distill"));
                IllegalArgumentException e = assertThrows(
                        IllegalArgumentException.class, () -> pair.get(1).requireFits(SQUARED));
                assertTrue(e.getMessage().contains("softmax"), e.getMessage());
            }
        }
    }

    @Test
    void withScopeLayerHiddenLayersAreNarrowedAlike() {
        Trajectory at = neurons(Scope.LAYER, SparsitySchedule.oneShot(), new Recovery.FineTune())
                .trajectories(around(8))
                .get(0);
        NetworkSpec narrow = LENET.narrowedTo(33_326, 1, layer -> true);
        assertEquals(List.of(narrow.parameters()), budgets(at));
        assertEquals(3.0, narrow.sizes().get(1) / (double) narrow.sizes().get(2), 0.1);
        assertEquals(
                "{\"kind\":\"prune-neurons\",\"criterion\":\"weight-norm\",\"scope\":\"layer\"}",
                at.canonical().toString());
    }

    @Test
    void oneUnitALayerIsTheLeast() {
        for (Scope scope : List.of(Scope.GLOBAL, Scope.LAYER)) {
            PruneNeurons method = neurons(scope, SparsitySchedule.oneShot(), new Recovery.FineTune());
            // 784-1-1-10 has 807 parameters.
            assertEquals(
                    List.of(807),
                    budgets(method.trajectories(around(266_610 / 807.0)).get(0)));
            UnreachableRatioException e =
                    assertThrows(UnreachableRatioException.class, () -> method.trajectories(around(2, 331)));
            assertEquals(new CompressionRatio(331), e.ratio());
            assertTrue(e.getMessage().contains("has 807 parameters, more than 805"), e.getMessage());
        }
    }

    @Test
    void scratchTrainsWhatFineTuningLeaves() {
        for (SparsitySchedule schedule : List.of(SparsitySchedule.oneShot(), TWO_CYCLES)) {
            for (Recovery recovery : List.of(new Recovery.FineTune(), new Recovery.Scratch())) {
                assertEquals(
                        recovery.startsAfresh() ? Optional.empty() : Optional.of(schedule.perRatio() ? 3.0 : 18.0),
                        weights(schedule, recovery).ownEpochs(3));
            }
            for (boolean units : new boolean[] {false, true}) {
                Recovery fineTune = new Recovery.FineTune();
                Recovery scratch = new Recovery.Scratch();
                List<Trajectory> tuned = (units
                                ? neurons(Scope.GLOBAL, schedule, fineTune)
                                : weights(schedule, fineTune))
                        .trajectories(around(2, 4, 8));
                List<Trajectory> fresh = (units ? neurons(Scope.GLOBAL, schedule, scratch) : weights(schedule, scratch))
                        .trajectories(around(2, 4, 8));
                assertEquals(3, fresh.size(), "each ratio by itself");
                for (int i = 0; i < 3; i++) {
                    Trajectory alone = fresh.get(i);
                    List<Instruction> program = alone.program().instructions();
                    List<Instruction> way =
                            tuned.get(schedule.perRatio() ? i : 0).program().instructions();
                    int cuts = schedule.perRatio() ? 1 : 2 * (i + 1);
                    List<Instruction> without = way.stream()
                            .filter(instruction -> !(instruction instanceof Instruction.TakeReadout))
                            .limit(1 + 3 * (cuts - 1) + 1)
                            .toList();
                    assertEquals(without, program.subList(0, without.size()), "the same way, and its last cut");
                    TrainingSettings settings = TRAINING.withEpochs(LONGEST);
                    assertEquals(
                            List.of(
                                    new Instruction.Reinitialize(cuts - 1),
                                    new Instruction.StartPhase(settings, Length.epochs(0), false),
                                    new Instruction.Train(Length.epochs(LONGEST)),
                                    new Instruction.TakeReadout(alone.ratios().get(0))),
                            program.subList(without.size(), program.size()));
                    assertEquals(3 * (cuts - 1) + LONGEST, alone.epochs());
                }
            }
        }
        assertEquals(
                "{\"kind\":\"prune\",\"saliency\":\"magnitude\",\"cycles\":2,\"recovery\":\"scratch\","
                        + "\"epochs-afresh\":40,\"passed\":[\"2\",\"4\"]}",
                weights(TWO_CYCLES, new Recovery.Scratch())
                        .trajectories(around(2, 4, 8))
                        .get(2)
                        .canonical()
                        .toString());
    }

    @Test
    void settingsThatContradictEachOther() {
        SparsitySchedule last = new SparsitySchedule(
                Law.GEOMETRIC, 2, false, OptionalDouble.empty(), OptionalInt.of(5), java.util.Optional.empty());
        for (Recovery recovery :
                Stream.of(new Recovery.Scratch(), new Recovery.Reinit()).toList()) {
            assertThrows(IllegalArgumentException.class, () -> weights(last, recovery));
            assertThrows(IllegalArgumentException.class, () -> neurons(Scope.GLOBAL, last, recovery));
        }
    }
}
