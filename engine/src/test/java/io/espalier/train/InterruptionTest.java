package io.espalier.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.espalier.backend.Activation;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.SaliencyKind;
import io.espalier.compress.Scope;
import io.espalier.compress.UnitCriterionKind;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.ModelFile;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.random.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nobody waits for what is looked at between steps; it is begun again and comes to the same. */
class InterruptionTest {
    private static final NetworkSpec NETWORK = new NetworkSpec(
            List.of(ToyData.FEATURES, 20, ToyData.CLASSES),
            Activation.TANH,
            Activation.LINEAR,
            Loss.SOFTMAX,
            Initialization.GLOROT);
    private static final CompressionRatio TWO = new CompressionRatio(2);
    private static final Seed SEED = new Seed(5);

    private final ToyTraining toy = new ToyTraining(NETWORK);

    private static Program program(Instruction... last) {
        List<Instruction> program = new ArrayList<>();
        TrainingSettings settings =
                new TrainingSettings(1, 8, new LearningRate.Constant(0.05), 0.9, 0.1, 0.1, Penalty.NONE, ReportAt.LAST);
        program.add(new Instruction.Initialize());
        program.add(new Instruction.StartPhase(settings, Length.epochs(0), false));
        program.addAll(List.of(last));
        program.add(new Instruction.TakeReadout(TWO));
        return new Program(program);
    }

    private byte[] model(String label) {
        Parameters weights = toy.recorder.readout(label).weights();
        return ModelFile.bytes(NETWORK.withSizes(weights.sizes()), weights);
    }

    private static Stream<Instruction> looking() {
        return Stream.concat(
                Stream.of(SaliencyKind.OBD, SaliencyKind.OBD_SD, SaliencyKind.FISHER, SaliencyKind.SNIP)
                        .map(kind -> new Instruction.Prune(kind.saliency(), Scope.GLOBAL, 100)),
                Stream.of(UnitCriterionKind.TAYLOR, UnitCriterionKind.OBD, UnitCriterionKind.DROPOUT_DAMAGE)
                        .map(kind -> new Instruction.Shrink(kind.criterion(), Scope.GLOBAL, 200)));
    }

    @ParameterizedTest
    @MethodSource("looking")
    void aCutIsBegunAgain(Instruction cut) {
        Program program = program(new Instruction.Train(Length.epochs(1)), cut);
        toy.run(0, new Member("whole", SEED, program, null));
        Member member = new Member("interrupted", SEED, program, null);
        Cohort cohort = toy.cohorts(0, member).get(0);
        cohort.applyDueEvents();
        new Trainer(() -> false).untilNextEvent(cohort);
        for (int times = 0; times < 2; times++) {
            cohort.applyDueEvents(() -> true);
            assertEquals(cut, member.instruction());
            assertEquals(List.of(cohort), cohort.regrouped(), "nothing has changed");
        }
        toy.finish(List.of(cohort));
        assertArrayEquals(model("whole"), model("interrupted"));
    }

    @Test
    void lessonsArePreparedAnewAndNoStepIsMadeWithoutThem() {
        toy.run(0, new Member("teacher", SEED, program(new Instruction.Train(Length.epochs(3))), null));
        Program program =
                program(new Instruction.LearnFrom(new Distillation(4, 0.5)), new Instruction.Train(Length.epochs(1)));
        toy.run(0, new Member("whole", SEED, program, toy.parent("teacher")));
        toy.run(0, new Member("untaught", SEED, program(new Instruction.Train(Length.epochs(1))), null));
        Member member = new Member("begun", SEED, program, toy.parent("teacher"));
        Cohort cohort = toy.cohorts(0, member).get(0);
        cohort.applyDueEvents(() -> true);
        assertEquals(0, cohort.stepsToNextEvent());
        MemberState state = cohort.state(member);
        Member resumed = Member.resumed("interrupted", SEED, program, toy.parent("teacher"), state);
        Cohort anew = Cohort.resumed(
                cohort.key(), toy.backend(), toy.parts(0), toy.recorder, List.of(resumed), List.of(state));
        anew.applyDueEvents(() -> true);
        assertEquals(0, anew.stepsToNextEvent());
        toy.finish(List.of(anew));
        assertArrayEquals(model("whole"), model("interrupted"));
        assertFalse(Arrays.equals(model("untaught"), model("interrupted")), "it did learn from its teacher");
    }
}
