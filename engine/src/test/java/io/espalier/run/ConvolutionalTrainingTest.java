package io.espalier.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.cpu.Cores;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.reference.ReferenceBackend;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.FisherUnits;
import io.espalier.compress.SaliencyKind;
import io.espalier.compress.Scope;
import io.espalier.compress.UnitCriterion;
import io.espalier.data.Catalog;
import io.espalier.data.DataSource;
import io.espalier.data.DataSpec;
import io.espalier.data.Preparation;
import io.espalier.network.Architecture;
import io.espalier.network.Features;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.ModelFile;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Step;
import io.espalier.network.Topology;
import io.espalier.random.Seed;
import io.espalier.train.Cohort;
import io.espalier.train.CohortKey;
import io.espalier.train.Instruction;
import io.espalier.train.LearningRate;
import io.espalier.train.Length;
import io.espalier.train.Member;
import io.espalier.train.MemberState;
import io.espalier.train.Penalty;
import io.espalier.train.Program;
import io.espalier.train.Readout;
import io.espalier.train.Recordings;
import io.espalier.train.ReportAt;
import io.espalier.train.ResidentData;
import io.espalier.train.ToyData;
import io.espalier.train.Trainer;
import io.espalier.train.TrainingSettings;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** A small residual network on images that are normalised and moved: trained, pruned by weight and by channel, stopped and resumed. */
class ConvolutionalTrainingTest {
    private static final NetworkSpec NETWORK = residual();
    private static final DataSpec SPEC =
            new DataSpec(new DataSource.Named(Catalog.MNIST), 120, 20, new Preparation(true, 1, true));
    private static final int BATCH = 8;
    private static final CohortKey KEY = CohortKey.atStart(NETWORK, SPEC, BATCH);
    private static final CompressionRatio TWO = new CompressionRatio(2);

    private final Recordings recorder = new Recordings();

    /** 4 x 4 images; of its four convolutions the second's channels may go. */
    private static NetworkSpec residual() {
        List<Step> steps = List.of(
                new Step.Convolution(0, 3, 1, 1, false),
                new Step.Normalisation(1),
                new Step.Convolution(2, 3, 1, 1, false),
                new Step.Normalisation(3),
                new Step.Convolution(4, 3, 1, 1, false),
                new Step.Sum(1, 5),
                new Step.Normalisation(6),
                new Step.Convolution(7, 3, 2, 1, true),
                new Step.FullyConnected(8));
        List<Integer> sizes = List.of(9, 4, 8, 4, 3, ToyData.CLASSES);
        Topology topology = new Topology("toy-residual", new Features(1, 4, 4), steps, sizes);
        return new NetworkSpec(
                new Architecture(topology, sizes), Activation.RELU, Activation.LINEAR, Loss.SOFTMAX, Initialization.HE);
    }

    private static TrainingSettings settings(int epochs, int batch) {
        return new TrainingSettings(
                epochs,
                batch,
                new LearningRate.Constant(0.03),
                0.9,
                0,
                0.1,
                new Penalty(0, 1e-4),
                ReportAt.BEST_VALIDATION);
    }

    /** Trains, loses channels one by one, and what is still too much at the end. */
    private static Program losingChannels(int parameters) {
        UnitCriterion criterion = new FisherUnits(30);
        return new Program(List.of(
                new Instruction.Initialize(),
                new Instruction.StartPhase(settings(1, BATCH), Length.epochs(0), false),
                new Instruction.Train(Length.epochs(1)),
                new Instruction.StartPhase(settings(2, BATCH), Length.epochs(0), false),
                new Instruction.TrainShrinking(
                        Length.epochs(2), criterion, parameters, new Length(5, Length.Unit.STEPS)),
                new Instruction.Shrink(criterion, Scope.GLOBAL, parameters),
                new Instruction.TakeReadout(TWO)));
    }

    private static Program losingWeights(int epochs, int keep) {
        return losingWeights(epochs, keep, BATCH);
    }

    private static Program losingWeights(int epochs, int keep, int batch) {
        return new Program(List.of(
                new Instruction.Initialize(),
                new Instruction.StartPhase(settings(epochs, batch), Length.epochs(0), false),
                new Instruction.Train(Length.epochs(epochs)),
                new Instruction.Prune(SaliencyKind.OBD.saliency(), Scope.GLOBAL, keep),
                new Instruction.StartPhase(settings(epochs, batch), Length.epochs(0), false),
                new Instruction.Train(Length.epochs(epochs)),
                new Instruction.TakeReadout(TWO)));
    }

    private static Member member(String label, int seed, Program program) {
        return new Member(label, new Seed(seed), program, null);
    }

    private List<Cohort> start(Backend backend, Member... members) {
        ResidentData data = new ResidentData(backend, ToyData.dataset(127, 53));
        return Cohort.starting(KEY, backend, data.parts(SPEC), recorder, List.of(members));
    }

    private static void finish(List<Cohort> cohorts) {
        Trainer trainer = new Trainer(() -> false);
        Queue<Cohort> ready = new ArrayDeque<>(cohorts);
        while (!ready.isEmpty()) {
            Cohort cohort = ready.poll();
            trainer.untilNextEvent(cohort);
            cohort.applyDueEvents();
            ready.addAll(cohort.regrouped());
        }
    }

    private byte[] model(String label) {
        Readout readout = recorder.readout(label);
        return ModelFile.bytes(NETWORK.withSizes(readout.weights().sizes()), readout.weights());
    }

    @Test
    void itLearnsAndLosesWeights() {
        finish(start(new CpuBackend(), member("m", 5, losingWeights(20, 300))));
        Readout readout = recorder.readout("m");
        assertTrue(readout.training().errorPercent() < 50, "guessing errs in 75 %: " + readout.training());
        assertEquals(300, readout.weights().aliveWeights());
        assertEquals(100, readout.training().examples(), "the first 120 examples less 20");
    }

    @Test
    void channelsGoOneByOneDownToTheSize() {
        int target = NETWORK.parameters() - 3 * (36 + 36 + 2);
        finish(start(new CpuBackend(), member("slowly", 5, losingChannels(target))));
        Readout slowly = recorder.readout("slowly");
        assertTrue(slowly.storedParameters() <= target, "" + slowly.storedParameters());
        assertTrue(slowly.storedParameters() > target - 74, "and not one channel less: " + slowly.storedParameters());
        assertEquals(4, slowly.weights().sizes().get(1), "what is added to others' stays");
        int whole = NETWORK.prunable();
        int afterAnEpoch = recorder.epochs.get("slowly").get(1).aliveWeights();
        assertTrue(afterAnEpoch < whole && afterAnEpoch >= whole - 2 * 72, "two of 13 steps lose a channel");
        // 26 steps have room for five channels; the rest goes at the end.
        int farther = NETWORK.parameters() - 7 * 74;
        finish(start(new CpuBackend(), member("far", 5, losingChannels(farther))));
        assertTrue(recorder.readout("far").storedParameters() <= farther);
        assertTrue(recorder.epochs.get("far").get(2).aliveWeights() > farther, "not before the end");
    }

    @Test
    void aMemberHasTheSameBitsAloneAndInCompany() {
        Program program = losingChannels(NETWORK.parameters() - 4 * 74);
        finish(start(new CpuBackend(), member("alone", 5, program)));
        finish(start(
                new CpuBackend(),
                member("first", 6, losingChannels(NETWORK.parameters() - 2 * 74)),
                member("same", 5, program),
                member("third", 7, losingWeights(1, 200))));
        assertArrayEquals(model("alone"), model("same"));
    }

    @Test
    void coresThatHelpChangeNothing() {
        int batch = 64;
        CohortKey key = CohortKey.atStart(NETWORK, SPEC, batch);
        for (int count : new int[] {1, 2, 5}) {
            Backend backend = new CpuBackend(new Cores(count));
            ResidentData data = new ResidentData(backend, ToyData.dataset(127, 53));
            Member member = member("on " + count, 5, losingWeights(3, 300, batch));
            finish(Cohort.starting(key, backend, data.parts(SPEC), recorder, List.of(member)));
        }
        assertArrayEquals(model("on 1"), model("on 2"));
        assertArrayEquals(model("on 1"), model("on 5"));
    }

    @Test
    void cpuFollowsTheReference() {
        finish(start(new CpuBackend(), member("cpu", 5, losingWeights(1, 300))));
        finish(start(ReferenceBackend.open(), member("reference", 5, losingWeights(1, 300))));
        assertEquals(
                recorder.epochs.get("reference").get(0).trainLoss(),
                recorder.epochs.get("cpu").get(0).trainLoss(),
                1e-4);
        assertEquals(
                recorder.epochs.get("reference").get(1).trainLoss(),
                recorder.epochs.get("cpu").get(1).trainLoss(),
                1e-3);
    }

    /** Stopped at every second step, through the bytes of its checkpoint. */
    @Test
    void resumedItEndsWithTheSameBits() {
        Program program = losingChannels(NETWORK.parameters() - 4 * 74);
        finish(start(new CpuBackend(), member("m", 5, program)));
        byte[] right = model("m");
        for (int stop = 0; stop < 3 * 13; stop += 2) {
            Backend backend = new CpuBackend();
            Member member = member("m", 5, program);
            Cohort cohort = start(backend, member).get(0);
            cohort.applyDueEvents();
            Trainer single = new Trainer(() -> true);
            for (int step = 0; step < stop; step++) {
                cohort = cohort.regrouped().get(0);
                single.untilNextEvent(cohort);
                cohort.applyDueEvents();
            }
            cohort = cohort.regrouped().get(0);
            byte[] bytes = new CheckpointFile(cohort.state(member), List.of(), 0).toBytes(NETWORK, "cpu");
            MemberState state =
                    CheckpointFile.parse(NETWORK, bytes, "checkpoint").state();
            Member resumed = Member.resumed("m", new Seed(5), program, null, state);
            recorder.readouts.clear();
            ResidentData data = new ResidentData(backend, ToyData.dataset(127, 53));
            finish(List.of(Cohort.resumed(KEY, backend, data.parts(SPEC), recorder, List.of(resumed), List.of(state))));
            assertArrayEquals(right, model("m"), "stopped at step " + stop);
        }
    }
}
