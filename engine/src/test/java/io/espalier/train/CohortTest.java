package io.espalier.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.reference.ReferenceBackend;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.SaliencyKind;
import io.espalier.compress.Scope;
import io.espalier.data.Catalog;
import io.espalier.data.DataSource;
import io.espalier.data.DataSpec;
import io.espalier.data.Dataset;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.ModelFile;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.random.Seed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Members in lockstep, and everything that happens to them between steps. */
class CohortTest {
    private static final NetworkSpec NETWORK = new NetworkSpec(
            List.of(ToyData.FEATURES, 20, ToyData.CLASSES),
            Activation.RELU,
            Activation.LINEAR,
            Loss.SOFTMAX,
            Initialization.HE);
    // 107 = 13 batches of 8 and a short one of 3.
    private static final Dataset DATA = ToyData.dataset(127, 53);
    private static final DataSpec SPEC = new DataSpec(new DataSource.Named(Catalog.MNIST), 20);
    private static final CompressionRatio TEN = new CompressionRatio(10);

    private final Recordings recorder = new Recordings();

    private static TrainingSettings settings(int epochs, double rate, double dropout, ReportAt reportAt) {
        return new TrainingSettings(
                epochs, 8, new LearningRate.Constant(rate), 0.9, dropout, dropout, new Penalty(1e-5, 1e-4), reportAt);
    }

    private static List<Instruction> training(TrainingSettings settings) {
        return List.of(
                new Instruction.Initialize(),
                new Instruction.StartPhase(settings, Length.epochs(0), false),
                new Instruction.Train(Length.epochs(settings.epochs())));
    }

    private static Program program(List<Instruction> head, Instruction... tail) {
        List<Instruction> all = new ArrayList<>(head);
        all.addAll(Arrays.asList(tail));
        return new Program(all);
    }

    private static Member member(String label, long seed, Program program) {
        return new Member(label, new Seed(seed), program, null);
    }

    private void run(Backend backend, Member... members) {
        run(NETWORK, backend, members);
    }

    private void run(NetworkSpec network, Backend backend, Member... members) {
        ResidentData data = new ResidentData(backend, DATA);
        Trainer trainer = new Trainer(() -> false);
        Queue<Cohort> ready = new ArrayDeque<>();
        ready.add(
                new Cohort(CohortKey.atStart(network, SPEC, 8), backend, data.parts(SPEC), recorder, List.of(members)));
        while (!ready.isEmpty()) {
            Cohort cohort = ready.poll();
            trainer.untilNextEvent(cohort);
            cohort.applyDueEvents();
            ready.addAll(cohort.regrouped());
        }
    }

    private byte[] model(String label) {
        return ModelFile.bytes(NETWORK, recorder.readout(label).weights());
    }

    private static Program pruning(int epochs, int keep, double rate) {
        return program(
                training(settings(epochs, rate, 0.1, ReportAt.BEST_VALIDATION)),
                new Instruction.Prune(SaliencyKind.MAGNITUDE.saliency(), Scope.GLOBAL, keep),
                new Instruction.StartPhase(settings(2, rate / 2, 0, ReportAt.LAST), Length.epochs(0), false),
                new Instruction.Train(Length.epochs(2)),
                new Instruction.TakeReadout(TEN));
    }

    @Test
    void aMemberHasTheSameBitsAloneAndInCompanyOfOthersThatEndSooner() {
        run(new CpuBackend(), member("alone", 5, pruning(4, 40, 0.05)));
        run(
                new CpuBackend(),
                member("first", 6, pruning(2, 300, 0.02)),
                member("same", 5, pruning(4, 40, 0.05)),
                member("third", 7, pruning(1, 7, 0.1)));
        assertArrayEquals(model("alone"), model("same"));
        assertFalse(Arrays.equals(model("alone"), model("first")));
        assertEquals(3, recorder.cohortSizes.get("third"));
        assertEquals(1, recorder.cohortSizes.get("same"), "the others had left");
        assertEquals(40, recorder.readouts.get("same").get(0).weights().aliveWeights());
        assertEquals(7, recorder.readouts.get("third").get(0).weights().aliveWeights());
    }

    /** The second cut finds its first layer sparse. Saliencies that read data see the training part alone, not the company. */
    @ParameterizedTest
    @EnumSource(SaliencyKind.class)
    void whatIsPrunedDoesNotDependOnTheCompany(SaliencyKind saliency) {
        NetworkSpec wide = new NetworkSpec(
                List.of(ToyData.FEATURES, 256, ToyData.CLASSES),
                Activation.TANH,
                Activation.LINEAR,
                Loss.SOFTMAX,
                Initialization.GLOROT);
        run(wide, new CpuBackend(), member("alone", 5, twoCuts(saliency, 400)));
        run(
                wide,
                new CpuBackend(),
                member("first", 6, twoCuts(SaliencyKind.MAGNITUDE, 300)),
                member("same", 5, twoCuts(saliency, 400)),
                member("third", 7, twoCuts(SaliencyKind.OBD, 500)));
        Parameters alone = recorder.readouts.get("alone").get(0).weights();
        Parameters same = recorder.readouts.get("same").get(0).weights();
        assertEquals(100, alone.aliveWeights());
        for (int l = 0; l < wide.layers(); l++) {
            assertArrayEquals(
                    alone.layers().get(l).weight(), same.layers().get(l).weight());
            assertArrayEquals(alone.layers().get(l).mask(), same.layers().get(l).mask());
        }
    }

    private static Program twoCuts(SaliencyKind saliency, int keep) {
        TrainingSettings settings = settings(1, 0.05, 0.1, ReportAt.LAST);
        return program(
                training(settings),
                new Instruction.Prune(saliency.saliency(), Scope.GLOBAL, keep),
                new Instruction.StartPhase(settings, Length.epochs(0), false),
                new Instruction.Train(Length.epochs(1)),
                new Instruction.Prune(saliency.saliency(), Scope.GLOBAL, keep / 4),
                new Instruction.TakeReadout(TEN));
    }

    @Test
    void cpuFollowsTheReference() {
        run(new CpuBackend(), member("cpu", 5, pruning(3, 60, 0.05)));
        run(ReferenceBackend.open(), member("reference", 5, pruning(3, 60, 0.05)));
        for (int i = 0; i < 5; i++) {
            assertEquals(
                    recorder.epochs.get("reference").get(i).trainLoss(),
                    recorder.epochs.get("cpu").get(i).trainLoss(),
                    1e-4,
                    "epoch " + i);
        }
        assertEquals(
                recorder.readouts.get("reference").get(0).test().errors(),
                recorder.readouts.get("cpu").get(0).test().errors(),
                1);
    }

    @Test
    void readoutsLookAtThePartsThatTheyAreAskedTo() {
        Program all = program(training(settings(2, 0.05, 0, ReportAt.LAST)), new Instruction.TakeReadout(TEN));
        run(
                new CpuBackend(),
                member("all", 1, all),
                member("training", 1, all.without(Part.TEST)),
                member("test", 1, all.without(Part.TRAINING)));
        Readout whole = recorder.readouts.get("all").get(0);
        Readout training = recorder.readouts.get("training").get(0);
        Readout test = recorder.readouts.get("test").get(0);
        assertNull(training.test());
        assertNull(test.training());
        assertEquals(whole.training(), training.training());
        assertEquals(whole.test(), test.test());
        assertEquals(whole.validation(), training.validation());
        assertEquals(whole.validation(), test.validation());
    }

    @Test
    void trainingLearnsAndErrorsAreCountedOverEveryExample() {
        run(
                new CpuBackend(),
                member(
                        "m",
                        1,
                        program(training(settings(30, 0.05, 0, ReportAt.LAST)), new Instruction.TakeReadout(TEN))));
        Readout readout = recorder.readouts.get("m").get(0);
        assertTrue(readout.training().errorPercent() < 15, "error " + readout.training());
        assertEquals(107, readout.training().examples());
        assertEquals(20, readout.validation().examples());
        assertEquals(53, readout.test().examples());
        assertEquals(100.0 * readout.test().errors() / 53, readout.test().errorPercent());
        assertEquals(30.0, readout.epochs());
        assertEquals(30 * 14, recorder.epochs.get("m").get(29).step(), "13 batches of 8 and one of 3 an epoch");
        assertTrue(recorder.epochs.get("m").get(29).trainLoss()
                < recorder.epochs.get("m").get(0).trainLoss());
    }

    @Test
    void bestValidationIsReportedAndTheTrajectoryGoesOnFromItsLastWeights() {
        Program best = program(
                training(settings(25, 0.2, 0, ReportAt.BEST_VALIDATION)),
                new Instruction.TakeReadout(TEN),
                new Instruction.StartPhase(settings(1, 1e-30, 0, ReportAt.LAST), Length.epochs(0), false),
                new Instruction.TakeReadout(TEN));
        Program last = program(training(settings(25, 0.2, 0, ReportAt.LAST)), new Instruction.TakeReadout(TEN));
        run(new CpuBackend(), member("best", 3, best), member("last", 3, last));
        List<EpochMetrics> course = recorder.epochs.get("best");
        int fewest =
                course.stream().mapToInt(m -> m.validation().errors()).min().orElseThrow();
        Readout reported = recorder.readouts.get("best").get(0);
        assertEquals(fewest, reported.validation().errors());
        EpochMetrics first = course.stream()
                .filter(m -> m.validation().errors() == fewest)
                .findFirst()
                .orElseThrow();
        assertEquals(first.epoch(), reported.epochs());
        assertNotEquals(25.0, reported.epochs(), "this seed's best epoch is not its last");
        assertArrayEquals(model("last"), model("best"), "the second readout sees the last weights");
    }

    @Test
    void aDivergedMemberIsMarkedAndItsNeighboursAreUntouched() {
        run(new CpuBackend(), member("alone", 5, pruning(4, 40, 0.05)));
        Member bad = member("bad", 5, pruning(4, 40, 1e20));
        Member good = member("good", 5, pruning(4, 40, 0.05));
        run(new CpuBackend(), bad, good);
        assertEquals(Member.Status.DIVERGED, bad.status());
        assertEquals(Member.Status.DONE, good.status());
        assertFalse(recorder.readouts.containsKey("bad"));
        assertArrayEquals(model("alone"), model("good"));
    }

    private record Kept(Parameters reported, Snapshot snapshot) implements Ancestor {
        @Override
        public Snapshot snapshot(Length at) {
            assertEquals(snapshot.at(), at);
            return snapshot;
        }

        @Override
        public Reported last() {
            return new Reported(NETWORK, reported, 5, 0);
        }

        @Override
        public Optional<Reported> at(CompressionRatio ratio) {
            return Optional.of(last());
        }

        @Override
        public int step() {
            return 5 * 14;
        }
    }

    /** Dense training that keeps step 20, as a parent for the recoveries. */
    private Kept parent() {
        Length at = Length.parse("20it");
        Program dense = new Program(List.of(
                new Instruction.Initialize(),
                new Instruction.StartPhase(settings(5, 0.05, 0.1, ReportAt.LAST), Length.epochs(0), false),
                new Instruction.Train(at),
                new Instruction.TakeSnapshot(at),
                new Instruction.Train(Length.epochs(5)),
                new Instruction.TakeReadout(TEN)));
        run(new CpuBackend(), member("dense", 5, dense));
        return new Kept(recorder.readouts.get("dense").get(0).weights(), recorder.snapshots.get("dense"));
    }

    private Parameters recovered(String label, Kept parent, Recovery recovery, int trainedEpochs) {
        List<Instruction> program = new ArrayList<>();
        program.add(new Instruction.Inherit());
        program.add(new Instruction.Prune(SaliencyKind.MAGNITUDE.saliency(), Scope.GLOBAL, 100));
        recovery.after(settings(5, 0.05, 0.1, ReportAt.LAST), 0).stream()
                .filter(instruction -> trainedEpochs > 0 || !(instruction instanceof Instruction.Train))
                .forEach(program::add);
        program.add(new Instruction.TakeReadout(TEN));
        run(new CpuBackend(), new Member(label, new Seed(5), new Program(program), parent));
        return recorder.readouts.get(label).get(0).weights();
    }

    @Test
    void aSnapshotDoesNotDisturbTraining() {
        parent();
        run(
                new CpuBackend(),
                member(
                        "plain",
                        5,
                        program(training(settings(5, 0.05, 0.1, ReportAt.LAST)), new Instruction.TakeReadout(TEN))));
        assertArrayEquals(model("plain"), model("dense"));
    }

    @Test
    void recoveriesStartFromTheRightWeights() {
        Kept parent = parent();
        Parameters fineTuned = recovered("fine-tune", parent, new Recovery.FineTune(), 0);
        Parameters rewound = recovered("rewind", parent, new Recovery.Rewind(Length.parse("20it")), 0);
        Parameters drawn = recovered("reinit", parent, new Recovery.Reinit(), 0);
        for (int l = 0; l < 2; l++) {
            byte[] mask = fineTuned.layers().get(l).mask();
            assertArrayEquals(mask, rewound.layers().get(l).mask());
            assertArrayEquals(mask, drawn.layers().get(l).mask());
            for (int i = 0; i < mask.length; i++) {
                float expected =
                        mask[i] == 0 ? 0f : parent.reported().layers().get(l).weight()[i];
                assertEquals(expected, fineTuned.layers().get(l).weight()[i]);
                float earlier = mask[i] == 0
                        ? 0f
                        : parent.snapshot().parameters().layers().get(l).weight()[i];
                assertEquals(earlier, rewound.layers().get(l).weight()[i]);
                assertTrue(mask[i] == 1 ^ drawn.layers().get(l).weight()[i] == 0);
                assertTrue(mask[i] == 0 || drawn.layers().get(l).weight()[i] != expected);
            }
            assertArrayEquals(
                    parent.snapshot().parameters().layers().get(l).bias(),
                    rewound.layers().get(l).bias());
        }
    }

    /** With nothing pruned, weights, velocity, schedule and step as they were, a rewound member repeats its parent's training. */
    @Test
    void rewindingRestoresEverythingThatTrainingDependsOn() {
        Kept parent = parent();
        TrainingSettings noDropout = settings(5, 0.05, 0, ReportAt.LAST);
        Length zero = Length.parse("0it");
        Program dense = new Program(List.of(
                new Instruction.Initialize(),
                new Instruction.StartPhase(noDropout, Length.epochs(0), false),
                new Instruction.Train(zero),
                new Instruction.TakeSnapshot(zero),
                new Instruction.Train(Length.epochs(5)),
                new Instruction.TakeReadout(TEN)));
        run(new CpuBackend(), member("from zero", 5, dense));
        Snapshot start = recorder.snapshots.get("from zero");
        Ancestor atZero = new Ancestor() {
            @Override
            public Reported last() {
                return new Reported(NETWORK, parent.reported(), 0, 0);
            }

            @Override
            public Optional<Reported> at(CompressionRatio ratio) {
                return Optional.of(last());
            }

            @Override
            public Snapshot snapshot(Length at) {
                return start;
            }

            @Override
            public int step() {
                return 0;
            }
        };
        List<Instruction> program = new ArrayList<>(List.of(new Instruction.Inherit()));
        program.addAll(new Recovery.Rewind(zero).after(noDropout, 0));
        program.add(new Instruction.TakeReadout(TEN));
        run(new CpuBackend(), new Member("again", new Seed(5), new Program(program), atZero));
        assertArrayEquals(model("from zero"), model("again"));
    }

    /** A phase of at most six epochs that waits for a training accuracy, a cut, and one that any accuracy ends after an epoch. */
    private static Program waitingFor(double accuracy) {
        TrainingSettings settings = settings(6, 0.05, 0.1, ReportAt.LAST);
        return new Program(List.of(
                new Instruction.Initialize(),
                new Instruction.StartPhase(settings, Length.epochs(0), false),
                new Instruction.TrainToAccuracy(accuracy, Length.epochs(6)),
                new Instruction.TakeReadout(new CompressionRatio(2)),
                new Instruction.Prune(SaliencyKind.MAGNITUDE.saliency(), Scope.GLOBAL, 200),
                new Instruction.StartPhase(settings, Length.epochs(0), false),
                new Instruction.TrainToAccuracy(0.01, Length.epochs(3)),
                new Instruction.TakeReadout(TEN)));
    }

    /** The share of the training part that is right after each of six epochs, told by readouts, which disturb nothing. */
    private List<Double> accuracies() {
        TrainingSettings settings = settings(6, 0.05, 0.1, ReportAt.LAST);
        List<Instruction> program = new ArrayList<>(
                List.of(new Instruction.Initialize(), new Instruction.StartPhase(settings, Length.epochs(0), false)));
        for (int epoch = 1; epoch <= 6; epoch++) {
            program.add(new Instruction.Train(Length.epochs(epoch)));
            program.add(new Instruction.TakeReadout(new CompressionRatio(epoch)));
        }
        run(new CpuBackend(), member("course", 5, new Program(program)));
        return recorder.readouts.get("course").stream()
                .map(readout -> readout.training().accuracy())
                .toList();
    }

    @Test
    void aPhaseEndsWithTheFirstEpochThatReachesTheAccuracyAskedFor() {
        List<Double> accuracies = accuracies();
        assertTrue(accuracies.get(3) > accuracies.get(0), "it learns: " + accuracies);
        for (double asked : accuracies) {
            String label = "until " + asked;
            run(new CpuBackend(), member(label, 5, waitingFor(asked)));
            int first = 1;
            while (accuracies.get(first - 1) < asked) {
                first++;
            }
            assertEquals(first, recorder.readouts.get(label).get(0).epochs(), "reached exactly counts: " + accuracies);
            assertEquals(
                    accuracies.get(first - 1),
                    recorder.readouts.get(label).get(0).training().accuracy());
            assertEquals(
                    first + 1, recorder.readouts.get(label).get(1).epochs(), "the next phase does not end at once");
        }
        double best = accuracies.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        assertTrue(best < 1, "something is out of reach: " + accuracies);
        run(new CpuBackend(), member("never", 5, waitingFor(1)));
        assertEquals(6, recorder.readouts.get("never").get(0).epochs());
        assertEquals(7, recorder.readouts.get("never").get(1).epochs());
        for (double bad : new double[] {0, -0.5, 1.01, 99, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> new Instruction.TrainToAccuracy(bad, Length.epochs(1)));
        }
    }

    @Test
    void membersThatLeaveAPhaseAtDifferentEpochsKeepTheirBits() {
        run(new CpuBackend(), member("alone", 5, waitingFor(accuracies().get(2))));
        run(
                new CpuBackend(),
                member("never", 6, waitingFor(1)),
                member("same", 5, waitingFor(accuracies().get(2))),
                member("at once", 7, waitingFor(0.01)),
                member("by the clock", 8, pruning(4, 40, 0.05)));
        assertArrayEquals(model("alone"), model("same"));
        assertEquals(
                recorder.readouts.get("alone").stream().map(Readout::epochs).toList(),
                recorder.readouts.get("same").stream().map(Readout::epochs).toList());
        assertEquals(1, recorder.readouts.get("at once").get(0).epochs());
        assertEquals(6, recorder.readouts.get("never").get(0).epochs());
    }

    @Test
    void theLearningRateGoesOnFromAllTrainingSoFar() {
        Kept parent = parent();
        TrainingSettings settings = new TrainingSettings(
                3, 8, new LearningRate.InverseSqrtEpoch(0.1), 0.9, 0, 0, Penalty.NONE, ReportAt.LAST);
        List<Instruction> program = new ArrayList<>(List.of(new Instruction.Inherit()));
        Recovery.Continue recovery = new Recovery.Continue();
        program.addAll(recovery.after(settings, 0));
        program.addAll(recovery.after(settings.withEpochs(2), 1));
        program.addAll(new Recovery.FineTune().after(settings.withEpochs(1), 2));
        program.add(new Instruction.TakeReadout(TEN));
        run(new CpuBackend(), new Member("on", new Seed(5), new Program(program), parent));
        // Metrics are taken when an epoch is over, so that the rate is already the next one's; the parent trained 5
        // epochs.
        List<Double> rates = recorder.epochs.get("on").stream()
                .map(EpochMetrics::learningRate)
                .toList();
        assertEquals(
                Stream.of(7, 8, 9, 10, 11, 2)
                        .map(epoch -> 0.1 / Math.sqrt(epoch))
                        .toList(),
                rates);
        assertEquals(11.0, recorder.readouts.get("on").get(0).epochs());
    }

    @Test
    void recoveriesTrainAsLongAsTheySay() {
        Kept parent = parent();
        recovered("fine-tune", parent, new Recovery.FineTune(), 5);
        recovered("rewind", parent, new Recovery.Rewind(Length.parse("20it")), 5);
        recovered("rate", parent, new Recovery.LearningRateRewind(Length.epochs(2)), 5);
        recovered("reinit", parent, new Recovery.Reinit(), 5);
        assertEquals(10.0, recorder.readouts.get("fine-tune").get(0).epochs());
        assertEquals(5 + 50.0 / 14, recorder.readouts.get("rewind").get(0).epochs(), 1e-9);
        assertEquals(8.0, recorder.readouts.get("rate").get(0).epochs());
        assertEquals(10.0, recorder.readouts.get("reinit").get(0).epochs());
        for (String label : List.of("fine-tune", "rewind", "rate", "reinit")) {
            assertEquals(
                    100, recorder.readouts.get(label).get(0).weights().aliveWeights(), "pruned weights stay pruned");
        }
    }
}
