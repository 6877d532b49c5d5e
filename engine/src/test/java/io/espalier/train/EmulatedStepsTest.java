package io.espalier.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.cuda.Emulation;
import io.espalier.data.Catalog;
import io.espalier.data.DataSource;
import io.espalier.data.DataSpec;
import io.espalier.data.Preparation;
import io.espalier.network.Architecture;
import io.espalier.network.Features;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Step;
import io.espalier.network.Topology;
import io.espalier.random.Seed;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The first steps of training on the cuda backend, on an emulated device, against those on the processor. */
class EmulatedStepsTest {
    private static final int STEPS = 50;
    private static final int BATCH = 8;
    private static final NetworkSpec NETWORK = new NetworkSpec(
            List.of(ToyData.FEATURES, 33, 20, ToyData.CLASSES),
            Activation.RELU,
            Activation.LINEAR,
            Loss.SOFTMAX,
            Initialization.HE);

    /** What two members' losses add up to after every step of an epoch. */
    private static List<double[]> losses(Backend backend, NetworkSpec network, Preparation preparation) {
        DataSpec spec = new DataSpec(new DataSource.Named(Catalog.MNIST), 0, 0, preparation);
        TrainingSettings settings = new TrainingSettings(
                1, BATCH, new LearningRate.Cosine(0.02), 0.9, 0.1, 0.25, new Penalty(1e-5, 1e-4), ReportAt.LAST);
        Program program = new Program(List.of(
                new Instruction.Initialize(),
                new Instruction.StartPhase(settings, Length.epochs(0), false),
                new Instruction.Train(Length.epochs(1))));
        try (backend;
                ResidentData data = new ResidentData(backend, ToyData.dataset(STEPS * BATCH, 10))) {
            List<Member> members =
                    List.of(new Member("a", new Seed(1), program, null), new Member("b", new Seed(2), program, null));
            Cohort cohort = new Cohort(
                    CohortKey.atStart(network, spec, BATCH), backend, data.parts(spec), Recorder.NONE, members);
            cohort.applyDueEvents();
            List<double[]> sums = new ArrayList<>();
            Trainer single = new Trainer(() -> true);
            for (int step = 0; step < STEPS; step++) {
                single.untilNextEvent(cohort);
                sums.add(members.stream()
                        .mapToDouble(member -> cohort.state(member).lossSum())
                        .toArray());
            }
            cohort.close();
            return sums;
        }
    }

    @Test
    void theFirstFiftyLossesAreThoseOfTheProcessor() {
        Emulation.require();
        List<double[]> expected = losses(new CpuBackend(), NETWORK, Preparation.NONE);
        List<double[]> found = losses(Emulation.open(), NETWORK, Preparation.NONE);
        for (int step = 0; step < STEPS; step++) {
            for (int r = 0; r < 2; r++) {
                double loss = expected.get(step)[r];
                // The contract's bound for one loss, as often as losses were added.
                double bound = 0x1p-24 * (16 * loss + (step + 1) * 4 * Math.sqrt(BATCH) * ToyData.CLASSES);
                assertEquals(loss, found.get(step)[r], bound, "member " + r + " after step " + step);
            }
        }
    }

    /** Convolutions, normalisations, pools, a sum and a concatenation, of images that are normalised, moved and mirrored. */
    @Test
    void soAreThoseOfAConvolutionalNetwork() {
        Emulation.require();
        List<Step> steps = List.of(
                new Step.Convolution(0, 3, 1, 1, false),
                new Step.Normalisation(1),
                new Step.Convolution(2, 3, 1, 1, false),
                new Step.Sum(1, 3),
                new Step.Concatenation(4, 2),
                new Step.Pool(Step.Pool.Kind.MAX, 5, 2, 2),
                new Step.Convolution(6, 2, 1, 0, 2, true),
                new Step.GlobalAverage(7),
                new Step.FullyConnected(8));
        List<Integer> sizes = List.of(9, 4, 4, 6, ToyData.CLASSES);
        NetworkSpec network = new NetworkSpec(
                new Architecture(new Topology("toy", new Features(1, 4, 4), steps, sizes), sizes),
                Activation.TANH,
                Activation.LINEAR,
                Loss.SOFTMAX,
                Initialization.GLOROT);
        Preparation preparation = new Preparation(true, 1, true);
        List<double[]> expected = losses(new CpuBackend(), network, preparation);
        List<double[]> found = losses(Emulation.open(), network, preparation);
        for (int step = 0; step < STEPS; step++) {
            for (int r = 0; r < 2; r++) {
                double loss = expected.get(step)[r];
                // A tanh keeps what is nearly equal so; what is left is rounding, through some dozens of ops a step.
                assertEquals(loss, found.get(step)[r], 1e-5 * loss, "member " + r + " after step " + step);
            }
        }
    }
}
