package io.espalier.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Activation;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.SaliencyKind;
import io.espalier.compress.Scope;
import io.espalier.compress.UnitCriterionKind;
import io.espalier.data.Preparation;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.ModelFile;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.random.Seed;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A teacher looks at the examples that its pupil looks at, and goes on teaching what was cut. */
class TeacherTest {
    private static final NetworkSpec NETWORK = new NetworkSpec(
            List.of(ToyData.FEATURES, 20, ToyData.CLASSES),
            Activation.TANH,
            Activation.LINEAR,
            Loss.SOFTMAX,
            Initialization.GLOROT);
    private static final CompressionRatio TWO = new CompressionRatio(2);
    private static final Seed SEED = new Seed(5);
    private static final Distillation ALL = new Distillation(3, 1);
    private static final Preparation MOVED = new Preparation(false, 1, true);

    private static List<Preparation> preparations() {
        return List.of(Preparation.NONE, new Preparation(true, 0, false), MOVED, new Preparation(true, 1, false));
    }

    private static Instruction phase(double dropout) {
        TrainingSettings settings = new TrainingSettings(
                2, 8, new LearningRate.Constant(0.05), 0.9, dropout, dropout, Penalty.NONE, ReportAt.LAST);
        return new Instruction.StartPhase(settings, Length.epochs(0), false);
    }

    private static Program program(Instruction... instructions) {
        List<Instruction> program = new ArrayList<>(List.of(instructions));
        program.add(new Instruction.Train(Length.epochs(2)));
        program.add(new Instruction.TakeReadout(TWO));
        return new Program(program);
    }

    private static ToyTraining withTeacher(Preparation preparation) {
        ToyTraining toy = new ToyTraining(NETWORK, preparation);
        toy.run(0, new Member("teacher", SEED, program(new Instruction.Initialize(), phase(0.1)), null));
        return toy;
    }

    private static Parameters weights(ToyTraining toy, String label) {
        return toy.recorder.readout(label).weights();
    }

    private static double farthest(Parameters a, Parameters b) {
        double most = 0;
        for (int i = 0; i < a.values().size(); i++) {
            float[] one = a.values().get(i);
            for (int k = 0; k < one.length; k++) {
                most = Math.max(most, Math.abs(one[k] - b.values().get(i)[k]));
            }
        }
        return most;
    }

    /** Whose only lesson is to say what the teacher says, and who does already, has nothing to learn: from any other picture it would. */
    @ParameterizedTest
    @MethodSource("preparations")
    void hisTeachersLikenessStaysAsItIs(Preparation preparation) {
        ToyTraining toy = withTeacher(preparation);
        Program likeness = program(new Instruction.Inherit(), new Instruction.LearnFrom(ALL), phase(0));
        toy.run(0, new Member("likeness", SEED, likeness, toy.parent("teacher")));
        assertEquals(0, farthest(weights(toy, "teacher"), weights(toy, "likeness")), 1e-6);
        Program alone = program(new Instruction.Inherit(), phase(0));
        toy.run(0, new Member("alone", SEED, alone, toy.parent("teacher")));
        assertTrue(farthest(weights(toy, "teacher"), weights(toy, "alone")) > 1e-2, "labels teach something else");
    }

    /** Members of one cohort have a teacher each. */
    @Test
    void everyoneHasHisOwnTeacher() {
        ToyTraining toy = withTeacher(MOVED);
        toy.run(0, new Member("other", new Seed(6), program(new Instruction.Initialize(), phase(0)), null));
        Program likeness = program(new Instruction.Inherit(), new Instruction.LearnFrom(ALL), phase(0));
        toy.run(
                0,
                new Member("first", SEED, likeness, toy.parent("teacher")),
                new Member("second", new Seed(6), likeness, toy.parent("other")));
        assertEquals(2, toy.recorder.cohortSizes.get("first"));
        assertEquals(0, farthest(weights(toy, "teacher"), weights(toy, "first")), 1e-6);
        assertEquals(0, farthest(weights(toy, "other"), weights(toy, "second")), 1e-6);
    }

    private static List<Instruction> cuts() {
        return List.of(
                new Instruction.Prune(SaliencyKind.MAGNITUDE.saliency(), Scope.GLOBAL, 60),
                new Instruction.Shrink(UnitCriterionKind.WEIGHT_NORM.criterion(), Scope.GLOBAL, 200));
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void whatIsCutGoesOnLearningAndMayBeStoppedOnTheWay(Instruction cut) {
        for (Preparation preparation : List.of(Preparation.NONE, MOVED)) {
            ToyTraining toy = withTeacher(preparation);
            Program program = program(
                    new Instruction.Inherit(), new Instruction.LearnFrom(new Distillation(3, 0.5)), cut, phase(0.1));
            toy.run(0, new Member("taught", SEED, program, toy.parent("teacher")));
            toy.run(
                    0,
                    new Member(
                            "alone", SEED, program(new Instruction.Inherit(), cut, phase(0.1)), toy.parent("teacher")));
            assertNotEquals(0, farthest(weights(toy, "alone"), weights(toy, "taught")));
            Member begun = new Member("begun", SEED, program, toy.parent("teacher"));
            Cohort cohort = toy.cohorts(0, begun).get(0);
            cohort.applyDueEvents();
            cohort = cohort.regrouped().get(0);
            cohort.applyDueEvents(() -> true);
            while (begun.step() < toy.parent("teacher").step() + 3) {
                new Trainer(() -> true).untilNextEvent(cohort);
                cohort.applyDueEvents();
            }
            MemberState state = cohort.state(begun);
            Member resumed = Member.resumed("resumed", SEED, program, toy.parent("teacher"), state);
            toy.finish(List.of(Cohort.resumed(
                    cohort.key(), toy.backend(), toy.parts(0), toy.recorder, List.of(resumed), List.of(state))));
            NetworkSpec shape = NETWORK.withSizes(weights(toy, "taught").sizes());
            assertArrayEquals(
                    ModelFile.bytes(shape, weights(toy, "taught")), ModelFile.bytes(shape, weights(toy, "resumed")));
        }
    }
}
