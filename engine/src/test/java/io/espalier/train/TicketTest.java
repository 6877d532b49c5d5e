package io.espalier.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Activation;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.SaliencyKind;
import io.espalier.compress.Scope;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.ModelFile;
import io.espalier.network.NetworkSpec;
import io.espalier.random.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What lottery tickets need: the same batches again, and when training could have stopped. */
class TicketTest {
    private static final NetworkSpec NETWORK = new NetworkSpec(
            List.of(ToyData.FEATURES, 20, ToyData.CLASSES),
            Activation.RELU,
            Activation.LINEAR,
            Loss.SOFTMAX,
            Initialization.HE);
    private static final CompressionRatio ONE = new CompressionRatio(1);
    private static final int STEPS_AN_EPOCH = ToyTraining.STEPS_AN_EPOCH;

    private final ToyTraining toy = new ToyTraining(NETWORK);

    private static TrainingSettings settings(int epochs, double rate, Optional<Length> evaluateEvery, boolean replay) {
        return new TrainingSettings(
                epochs,
                8,
                new LearningRate.Constant(rate),
                0.9,
                0.1,
                0.1,
                Penalty.NONE,
                ReportAt.LAST,
                evaluateEvery,
                replay);
    }

    private void run(int validation, Member... members) {
        toy.run(validation, members);
    }

    private byte[] model(String label) {
        return ModelFile.bytes(NETWORK, toy.recorder.readout(label).weights());
    }

    private static Program dense(TrainingSettings settings, Length keep) {
        return new Program(List.of(
                new Instruction.Initialize(),
                new Instruction.StartPhase(settings, Length.epochs(0), false),
                new Instruction.Train(keep),
                new Instruction.TakeSnapshot(keep),
                new Instruction.Train(Length.epochs(settings.epochs())),
                new Instruction.TakeReadout(ONE)));
    }

    private static Program rewound(TrainingSettings settings, Length to, int keep) {
        List<Instruction> program = new ArrayList<>();
        program.add(new Instruction.Inherit());
        program.add(new Instruction.Prune(SaliencyKind.MAGNITUDE.saliency(), Scope.LAYER, keep));
        program.addAll(new Recovery.Rewind(to).after(settings, 0));
        program.add(new Instruction.TakeReadout(ONE));
        return new Program(program);
    }

    /** With nothing pruned it repeats its parent's training, dropout included, from a point in the midst of an epoch. */
    @Test
    void aRewoundMemberSeesTheSameBatchesAgain() {
        Length to = Length.parse("9it");
        for (boolean replay : new boolean[] {true, false}) {
            TrainingSettings settings = settings(3, 0.05, Optional.empty(), replay);
            run(20, new Member("dense", new Seed(5), dense(settings, to), null));
            run(20, new Member("again", new Seed(5), rewound(settings, to, NETWORK.prunable()), toy.parent("dense")));
            assertEquals(replay, Arrays.equals(model("dense"), model("again")));
        }
    }

    /** Members that replay stand elsewhere in the epoch than those that do not, and meet its short last batch at another time. */
    @Test
    void companyThatDoesNotReplayChangesNothing() {
        Length to = Length.parse("9it");
        TrainingSettings again = settings(3, 0.05, Optional.empty(), true);
        TrainingSettings onward = settings(3, 0.05, Optional.empty(), false);
        run(20, new Member("dense", new Seed(5), dense(again, to), null));
        run(20, new Member("alone", new Seed(5), rewound(again, to, 200), toy.parent("dense")));
        run(
                20,
                new Member("first", new Seed(5), rewound(onward, to, 200), toy.parent("dense")),
                new Member("same", new Seed(5), rewound(again, to, 200), toy.parent("dense")));
        assertArrayEquals(model("alone"), model("same"));
        assertFalse(Arrays.equals(model("first"), model("same")));
    }

    @Test
    void theLowestValidationLossIsWhereTrainingCouldHaveStopped() {
        // A rate at which the loss soon grows again.
        TrainingSettings often = settings(8, 0.3, Optional.of(Length.parse("5it")), false);
        TrainingSettings usual = settings(8, 0.3, Optional.empty(), false);
        run(20, new Member("often", new Seed(2), dense(often, Length.epochs(1)), null));
        run(20, new Member("usual", new Seed(2), dense(usual, Length.epochs(1)), null));
        assertArrayEquals(model("usual"), model("often"), "looking changes nothing");
        List<ValidationPoint> all = toy.recorder.points.get("often");
        assertFalse(toy.recorder.points.containsKey("usual"));
        assertEquals(8 * STEPS_AN_EPOCH / 5, all.size());
        ValidationPoint lowest = all.get(0);
        for (int i = 0; i < all.size(); i++) {
            assertEquals(5 * (i + 1), all.get(i).phaseStep());
            assertEquals(5 * (i + 1), all.get(i).step());
            assertEquals(5.0 * (i + 1) / STEPS_AN_EPOCH, all.get(i).epoch());
            lowest = all.get(i).validation().loss() < lowest.validation().loss() ? all.get(i) : lowest;
        }
        assertEquals(lowest.phaseStep(), toy.recorder.readout("often").earlyStopStep());
        assertNotEquals(all.get(all.size() - 1), lowest, "not the last");
        EpochMetrics best = toy.recorder.epochs.get("usual").get(0);
        for (EpochMetrics epoch : toy.recorder.epochs.get("usual")) {
            best = epoch.validation().loss() < best.validation().loss() ? epoch : best;
        }
        assertEquals(
                best.step(), toy.recorder.readout("usual").earlyStopStep(), "when epochs end, if not told otherwise");
        assertEquals(toy.recorder.epochs.get("usual"), toy.recorder.epochs.get("often"));
        assertTrue(
                all.get(13)
                        .validation()
                        .equals(toy.recorder.epochs.get("usual").get(4).validation()),
                "step 70 is both");
        run(0, new Member("blind", new Seed(2), dense(usual, Length.epochs(1)), null));
        assertNull(toy.recorder.readout("blind").earlyStopStep());
        assertThrows(IllegalArgumentException.class, () -> settings(8, 0.3, Optional.of(Length.parse("0it")), false));
    }

    @Test
    void aRewoundPhaseCountsFromWhereItsScheduleStands() {
        Length to = Length.parse("9it");
        TrainingSettings settings = settings(3, 0.05, Optional.of(Length.parse("4it")), true);
        run(20, new Member("dense", new Seed(5), dense(settings, to), null));
        run(20, new Member("again", new Seed(5), rewound(settings, to, NETWORK.prunable()), toy.parent("dense")));
        List<Evaluation> first = toy.recorder.points.get("dense").stream()
                .filter(point -> point.phaseStep() > 9)
                .map(ValidationPoint::validation)
                .toList();
        assertEquals(
                first,
                toy.recorder.points.get("again").stream()
                        .map(ValidationPoint::validation)
                        .toList());
        assertEquals(12, toy.recorder.points.get("again").get(0).phaseStep());
        assertEquals(
                3 * STEPS_AN_EPOCH + 3, toy.recorder.points.get("again").get(0).step());
    }
}
