package io.espalier.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.Regrowth;
import io.espalier.compress.Saliency;
import io.espalier.compress.SaliencyKind;
import io.espalier.compress.Scope;
import io.espalier.compress.TrainingExamples;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.ModelFile;
import io.espalier.network.Network;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.network.Representation;
import io.espalier.random.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Masks that move while they train. */
class RegrowingTest {
    /** Its first layer is large enough to train sparse, its last is not. */
    private static final NetworkSpec NETWORK = new NetworkSpec(
            List.of(ToyData.FEATURES, 300, ToyData.CLASSES),
            Activation.RELU,
            Activation.LINEAR,
            Loss.SOFTMAX,
            Initialization.HE);

    private static final int KEEP = 500;
    private static final Seed SEED = new Seed(5);

    private final ToyTraining toy = new ToyTraining(NETWORK);

    private static TrainingSettings settings(double rate) {
        return new TrainingSettings(
                3, 8, new LearningRate.Constant(rate), 0.9, 0.1, 0.1, new Penalty(0, 1e-4), ReportAt.LAST);
    }

    private static RegrowthSchedule every(int steps) {
        return new RegrowthSchedule(new Length(steps, Length.Unit.STEPS), 0.8, 0.5);
    }

    private static List<Instruction> start(double rate) {
        return List.of(
                new Instruction.Initialize(),
                new Instruction.Prune(SaliencyKind.RANDOM.saliency(), Scope.ERK, KEEP),
                new Instruction.StartPhase(settings(rate), Length.epochs(0), false));
    }

    private static Program program(RegrowthSchedule moves, double rate) {
        List<Instruction> program = new ArrayList<>(start(rate));
        program.add(new Instruction.TrainRegrowing(Length.epochs(3), moves));
        program.add(new Instruction.TakeReadout(new CompressionRatio(4)));
        return new Program(program);
    }

    private static List<byte[]> masks(Readout readout) {
        return readout.weights().layers().stream().map(LayerParameters::mask).toList();
    }

    private static boolean same(List<byte[]> a, List<byte[]> b) {
        for (int l = 0; l < a.size(); l++) {
            if (!Arrays.equals(a.get(l), b.get(l))) {
                return false;
            }
        }
        return true;
    }

    /** Moves are due at 5, 10, ..., 30; four fifths of 42 steps end at 33.6. A readout at such a step comes before the move. */
    @Test
    void masksMoveWhenTheyShouldAndKeepTheirSize() {
        List<Instruction> program = new ArrayList<>(start(0.05));
        program.add(new Instruction.TakeReadout(new CompressionRatio(1)));
        for (int step = 1; step <= 42; step++) {
            program.add(new Instruction.TrainRegrowing(new Length(step, Length.Unit.STEPS), every(5)));
            program.add(new Instruction.TakeReadout(new CompressionRatio(1 + step)));
        }
        toy.run(20, new Member("watched", SEED, new Program(program), null));
        toy.run(20, new Member("alone", SEED, program(every(5), 0.05), null));
        List<Readout> all = toy.recorder.readouts.get("watched");
        assertEquals(43, all.size());
        for (int step = 1; step <= 42; step++) {
            Readout now = all.get(step);
            boolean moved = step % 5 == 1 && step > 1 && step <= 31;
            assertEquals(!moved, same(masks(all.get(step - 1)), masks(now)), "step " + step);
            assertEquals(KEEP, now.weights().aliveWeights());
            for (int l = 0; l < 2; l++) {
                assertEquals(
                        all.get(0).weights().layers().get(l).alive(),
                        now.weights().layers().get(l).alive());
            }
        }
        assertArrayEquals(
                ModelFile.bytes(NETWORK, toy.recorder.readout("alone").weights()),
                ModelFile.bytes(NETWORK, all.get(42).weights()),
                "readouts change nothing");
    }

    private static int[] batch(Backend backend, int step) {
        try (Tensor keys = backend.zeros(ElementType.I32, new Shape(1, 1, 2));
                Tensor steps = backend.zeros(ElementType.I32, Shape.scalars(1));
                Tensor indices = backend.zeros(ElementType.I32, new Shape(1, 1, ToyTraining.BATCH))) {
            backend.write(keys, 0, new int[] {SEED.low(), SEED.high()});
            backend.write(steps, 0, new int[] {step});
            backend.batchIndices(keys, steps, 107, ToyTraining.BATCH, indices);
            return backend.ints(indices, 0);
        }
    }

    /** Against the move itself, with the batch that the op gives for the step to come, in the second epoch. */
    @Test
    void theNextBatchDecidesAndWhatComesHasNoVelocity() {
        Member member = new Member("m", SEED, program(every(18), 0.05), null);
        Cohort cohort = toy.cohorts(20, member).get(0);
        cohort.applyDueEvents();
        cohort = cohort.regrouped().get(0);
        assertTrue(cohort.key().representation().isSparse());
        cohort.steps(14, () -> false);
        cohort.applyDueEvents();
        cohort = cohort.regrouped().get(0);
        assertEquals(4, cohort.stepsToNextEvent());
        cohort.steps(4, () -> false);
        MemberState before = cohort.state(member);
        cohort.applyDueEvents();
        cohort = cohort.regrouped().get(0);
        MemberState after = cohort.state(member);

        Backend backend = toy.backend();
        DataParts data = toy.parts(20);
        TrainingExamples training = new TrainingExamples(data.pixels(Part.TRAINING), data.labels(Part.TRAINING), 107);
        Parameters expected;
        List<byte[]> stayed;
        try (Network dense =
                new Network(backend, NETWORK, List.of(before.parameters()), Representation.dense(NETWORK))) {
            double share = 0.5 * (1 + Math.cos(Math.PI * 18 / (0.8 * 42))) / 2;
            stayed = Regrowth.move(new Saliency.Subject(backend, dense, training, SEED, 18), batch(backend, 18), share)
                    .orElseThrow();
            expected = dense.read(0);
        }
        int came = 0;
        for (int l = 0; l < 2; l++) {
            LayerParameters is = after.parameters().layers().get(l);
            assertArrayEquals(expected.layers().get(l).mask(), is.mask());
            assertArrayEquals(expected.layers().get(l).weight(), is.weight());
            for (int i = 0; i < is.mask().length; i++) {
                boolean stays = stayed.get(l)[i] == 1;
                came += stays ? 0 : is.mask()[i];
                assertEquals(
                        stays ? before.velocities().get(2 * l)[i] : 0f,
                        after.velocities().get(2 * l)[i]);
            }
            assertArrayEquals(
                    before.velocities().get(2 * l + 1), after.velocities().get(2 * l + 1), "biases go on");
        }
        assertTrue(came > 50, came + " came");
        assertEquals(before.step(), after.step());
    }

    @Test
    void companyThatMovesAtOtherTimesChangesNothing() {
        toy.run(20, new Member("alone", SEED, program(every(5), 0.05), null));
        toy.run(
                20,
                new Member("first", new Seed(6), program(every(3), 0.02), null),
                new Member("same", SEED, program(every(5), 0.05), null),
                new Member("third", new Seed(7), program(every(20), 0.05), null));
        assertArrayEquals(
                ModelFile.bytes(NETWORK, toy.recorder.readout("alone").weights()),
                ModelFile.bytes(NETWORK, toy.recorder.readout("same").weights()));
        assertFalse(same(masks(toy.recorder.readout("alone")), masks(toy.recorder.readout("third"))));
    }

    @Test
    void aMemberWhoseGradientIsNoNumberHasDiverged() {
        Member member = new Member("m", SEED, program(every(5), 1e30), null);
        toy.run(20, member);
        assertEquals(Member.Status.DIVERGED, member.status());
    }

    @Test
    void schedulesThatMakeNoSense() {
        Length every = Length.parse("10it");
        for (double bad : new double[] {0, -1, 1.5, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> new RegrowthSchedule(every, bad, 0.3));
            assertThrows(IllegalArgumentException.class, () -> new RegrowthSchedule(every, 0.75, bad));
        }
        assertThrows(IllegalArgumentException.class, () -> new RegrowthSchedule(Length.parse("0ep"), 0.75, 0.3));
        RegrowthSchedule published = RegrowthSchedule.published(Length.parse("1ep"));
        assertEquals(0, published.share(0, 10, 100), "nothing has been trained");
        assertEquals(0, published.share(15, 10, 100), "in the midst of an epoch");
        assertEquals(0.3 * (1 + Math.cos(Math.PI * 10 / 75)) / 2, published.share(10, 10, 100), 1e-15);
        assertTrue(published.share(70, 10, 100) > 0);
        assertEquals(0, published.share(80, 10, 100));
    }
}
