package io.espalier.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.Tensor;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.reference.ReferenceBackend;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.DropoutDamage;
import io.espalier.compress.Saliency;
import io.espalier.compress.Scope;
import io.espalier.compress.UnitCriterion;
import io.espalier.compress.UnitCriterionKind;
import io.espalier.data.Catalog;
import io.espalier.data.DataSource;
import io.espalier.data.DataSpec;
import io.espalier.data.Dataset;
import io.espalier.network.HiddenUnits;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Members that lose hidden units between steps. */
class ShrinkingTest {
    private static final NetworkSpec NETWORK = new NetworkSpec(
            List.of(ToyData.FEATURES, 20, 12, ToyData.CLASSES),
            Activation.TANH,
            Activation.LINEAR,
            Loss.SOFTMAX,
            Initialization.GLOROT);
    private static final Dataset DATA = ToyData.dataset(127, 53);
    private static final DataSpec SPEC = new DataSpec(new DataSource.Named(Catalog.MNIST), 20);
    private static final CompressionRatio TWO = new CompressionRatio(2);
    private static final CompressionRatio FOUR = new CompressionRatio(4);
    private static final UnitCriterion NORM = UnitCriterionKind.WEIGHT_NORM.criterion();

    private final Recordings recorder = new Recordings();

    private static TrainingSettings settings(int epochs, double dropout) {
        return new TrainingSettings(
                epochs,
                8,
                new LearningRate.Constant(0.05),
                0.9,
                dropout,
                dropout,
                new Penalty(1e-5, 1e-4),
                ReportAt.BEST_VALIDATION);
    }

    private static Program program(List<Instruction> cutOne, List<Instruction> cutTwo) {
        List<Instruction> all = new ArrayList<>(List.of(new Instruction.Initialize()));
        all.addAll(new Recovery.FineTune().after(settings(2, 0.1), 0));
        all.addAll(cutOne);
        all.addAll(new Recovery.FineTune().after(settings(2, 0.4), 0));
        all.add(new Instruction.TakeReadout(TWO));
        all.addAll(cutTwo);
        all.addAll(new Recovery.FineTune().after(settings(1, 0.4), 1));
        all.add(new Instruction.TakeReadout(FOUR));
        return new Program(all);
    }

    private static Program shrinking(UnitCriterion criterion, Scope scope, int first, int second) {
        return program(
                List.of(new Instruction.Shrink(criterion, scope, first)),
                List.of(new Instruction.Shrink(criterion, scope, second)));
    }

    private void run(Backend backend, Member... members) {
        ResidentData data = new ResidentData(backend, DATA);
        Trainer trainer = new Trainer(() -> false);
        Queue<Cohort> ready = new ArrayDeque<>();
        ready.add(
                new Cohort(CohortKey.atStart(NETWORK, SPEC, 8), backend, data.parts(SPEC), recorder, List.of(members)));
        while (!ready.isEmpty()) {
            Cohort cohort = ready.poll();
            trainer.untilNextEvent(cohort);
            cohort.applyDueEvents();
            ready.addAll(cohort.regrouped());
        }
    }

    private static Member member(String label, long seed, Program program) {
        return new Member(label, new Seed(seed), program, null);
    }

    private void assertSameReadouts(String a, String b) {
        for (int i = 0; i < 2; i++) {
            Readout one = recorder.readouts.get(a).get(i);
            Readout other = recorder.readouts.get(b).get(i);
            assertEquals(one.weights().sizes(), other.weights().sizes());
            for (int p = 0; p < one.weights().values().size(); p++) {
                assertArrayEquals(
                        one.weights().values().get(p), other.weights().values().get(p), a + " and " + b);
            }
            assertEquals(one.test(), other.test());
        }
    }

    @ParameterizedTest
    @EnumSource(UnitCriterionKind.class)
    void whatIsLeftDoesNotDependOnTheCompany(UnitCriterionKind kind) {
        UnitCriterion criterion =
                kind == UnitCriterionKind.DROPOUT_DAMAGE ? new DropoutDamage(32, 0.5, 60) : kind.criterion();
        Program program = shrinking(criterion, Scope.GLOBAL, 300, 150);
        run(new CpuBackend(), member("alone", 5, program));
        run(
                new CpuBackend(),
                member("first", 6, shrinking(NORM, Scope.LAYER, 400, 399)),
                member("same", 5, program),
                member("third", 7, shrinking(NORM, Scope.LAYER, 400, 200)),
                member("fourth", 8, shrinking(NORM, Scope.LAYER, 400, 200)));
        assertSameReadouts("alone", "same");
        Readout small = recorder.readouts.get("same").get(1);
        assertTrue(small.storedParameters() <= 150 && small.storedParameters() > 150 - 16 - 12 - 1, "" + small);
        assertEquals(4 * small.storedParameters(), small.storedSize().bytes());
        assertEquals(0, small.sparsity(), "nothing is pruned in what is really small");
        assertEquals(2, recorder.cohortSizes.get("third"), "members of one shape stay together");
    }

    /** Goes last where a list says so. */
    private record Least(HiddenUnits left) implements Saliency {
        @Override
        public String name() {
            return "least";
        }

        @Override
        public void score(Subject subject, List<Tensor> scores) {
            NetworkSpec spec = subject.network().spec();
            for (int l = 0; l < scores.size(); l++) {
                float[] ofLayer = new float[spec.outputs(l) * spec.inputs(l)];
                for (int row : left.numbers(l, spec.outputs(l))) {
                    for (int column : left.numbers(l - 1, spec.inputs(l))) {
                        ofLayer[row * spec.inputs(l) + column] = 1;
                    }
                }
                subject.backend().write(scores.get(l), 0, ofLayer);
            }
        }
    }

    /** The same steps, drops included, in the small network and in the large one of which most is masked. */
    @Test
    void theShrunkNetworkTrainsAsTheMaskedOne() {
        Instruction first = new Instruction.Shrink(NORM, Scope.GLOBAL, 300);
        run(ReferenceBackend.open(), member("one cut", 5, program(List.of(first), List.of())));
        run(ReferenceBackend.open(), member("shrunk", 5, shrinking(NORM, Scope.GLOBAL, 300, 150)));
        List<HiddenUnits> left = List.of(recorder.units.get("one cut"), recorder.units.get("shrunk"));
        Program masked = program(List.of(masking(left.get(0))), List.of(masking(left.get(1))));
        run(ReferenceBackend.open(), member("masked", 5, masked));
        for (int i = 0; i < 2; i++) {
            Parameters small = recorder.readouts.get("shrunk").get(i).weights();
            Parameters large = recorder.readouts.get("masked").get(i).weights().left(NETWORK, left.get(i));
            assertEquals(small.sizes(), large.sizes());
            for (int p = 0; p < small.values().size(); p++) {
                // A shrunk network goes on from weights rounded to float32.
                assertArrayEquals(large.values().get(p), small.values().get(p), 1e-5f, "readout " + i);
            }
            assertEquals(
                    recorder.readouts.get("masked").get(i).test().errors(),
                    recorder.readouts.get("shrunk").get(i).test().errors());
        }
    }

    private static Instruction masking(HiddenUnits left) {
        int keep = 0;
        for (int l = 0; l < NETWORK.layers(); l++) {
            keep += left.numbers(l, NETWORK.outputs(l)).length * left.numbers(l - 1, NETWORK.inputs(l)).length;
        }
        return new Instruction.Prune(new Least(left), Scope.GLOBAL, keep);
    }

    // ---- recoveries -------------------------------------------------------------------------------------------------

    private record Dense(Parameters reported, Snapshot snapshot) implements Ancestor {
        @Override
        public Reported last() {
            return new Reported(NETWORK, reported, 5, 0);
        }

        @Override
        public Optional<Reported> at(CompressionRatio ratio) {
            return Optional.of(last());
        }

        @Override
        public Snapshot snapshot(Length at) {
            return snapshot;
        }

        @Override
        public int step() {
            return 5 * 14;
        }
    }

    private Parameters recovered(String label, Recovery recovery, Dense parent) {
        List<Instruction> program =
                new ArrayList<>(List.of(new Instruction.Inherit(), new Instruction.Shrink(NORM, Scope.GLOBAL, 200)));
        recovery.after(settings(5, 0.1), 0).stream()
                .filter(instruction -> !(instruction instanceof Instruction.Train))
                .forEach(program::add);
        program.add(new Instruction.TakeReadout(TWO));
        run(new CpuBackend(), new Member(label, new Seed(5), new Program(program), parent));
        return recorder.readouts.get(label).get(0).weights();
    }

    @Test
    void survivorsKeepGoBackOrAreDrawnAnew() {
        Parameters reported = Parameters.initial(NETWORK, new Seed(9), Stream.INITIAL_WEIGHTS, 0);
        Parameters earlier = Parameters.initial(NETWORK, new Seed(10), Stream.INITIAL_WEIGHTS, 0);
        Length at = Length.parse("20it");
        Dense parent = new Dense(reported, new Snapshot(earlier, earlier.values(), at));
        Parameters kept = recovered("kept", new Recovery.FineTune(), parent);
        Parameters back = recovered("back", new Recovery.Rewind(at), parent);
        Parameters drawn = recovered("drawn", new Recovery.Scratch(), parent);
        HiddenUnits left = recorder.units.get("kept");
        assertEquals(kept.sizes(), drawn.sizes(), "one architecture");
        Parameters expected =
                Parameters.initial(NETWORK.withSizes(kept.sizes()), new Seed(5), Stream.REINITIAL_WEIGHTS, 0);
        for (int p = 0; p < 6; p++) {
            assertArrayEquals(
                    reported.left(NETWORK, left).values().get(p), kept.values().get(p));
            assertArrayEquals(
                    earlier.left(NETWORK, left).values().get(p), back.values().get(p));
            assertArrayEquals(expected.values().get(p), drawn.values().get(p), "drawn for the small shape");
        }
    }

    @Test
    void aBudgetThatIsMetTakesNothing() {
        run(new CpuBackend(), member("same", 5, shrinking(NORM, Scope.GLOBAL, 100_000, 100_000)));
        run(new CpuBackend(), member("plain", 5, program(List.of(), List.of())));
        assertSameReadouts("same", "plain");
    }
}
