package io.espalier.bench;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.SgdRates;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.compress.SaliencyKind;
import io.espalier.compress.Scope;
import io.espalier.data.Catalog;
import io.espalier.data.DataSource;
import io.espalier.data.DataSpec;
import io.espalier.network.DropoutPlan;
import io.espalier.network.Network;
import io.espalier.network.Parameter;
import io.espalier.network.Pass;
import io.espalier.random.Seed;
import io.espalier.train.Cohort;
import io.espalier.train.CohortKey;
import io.espalier.train.Instruction;
import io.espalier.train.LearningRate;
import io.espalier.train.Length;
import io.espalier.train.Member;
import io.espalier.train.Penalty;
import io.espalier.train.Program;
import io.espalier.train.Recorder;
import io.espalier.train.ReportAt;
import io.espalier.train.ResidentData;
import io.espalier.train.Trainer;
import io.espalier.train.TrainingSettings;
import java.util.ArrayList;
import java.util.List;

/** Our training as a study does it: a cohort on a backend, shuffled batches out of a data set in bytes. */
public final class EspalierTraining implements AutoCloseable {
    private static final double LEARNING_RATE = 1e-3;

    private final ResidentData data;
    private int left;
    private final Trainer trainer = new Trainer(() -> --this.left <= 0);
    private Cohort cohort;

    /**
     * Members that differ in their seeds.
     *
     * @param density the share of the weights that is left, cut by magnitude before training; 1 for all
     */
    public EspalierTraining(TrainingProblem problem, Backend backend, int members, double density) {
        TrainingSettings settings = new TrainingSettings(
                1_000_000,
                TrainingProblem.BATCH,
                new LearningRate.Constant(LEARNING_RATE),
                TrainingProblem.MOMENTUM,
                0,
                0,
                Penalty.NONE,
                ReportAt.LAST);
        List<Instruction> program = new ArrayList<>(List.of(new Instruction.Initialize()));
        if (density < 1) {
            int keep = (int) Math.round(density * problem.network().prunable());
            program.add(new Instruction.Prune(SaliencyKind.MAGNITUDE.saliency(), Scope.LAYER, keep));
        }
        program.add(new Instruction.StartPhase(settings, Length.epochs(0), false));
        program.add(new Instruction.Train(Length.parse("900000000it")));
        List<Member> all = new ArrayList<>();
        for (int r = 0; r < members; r++) {
            all.add(new Member("bench " + r, new Seed(r), new Program(program), null));
        }
        DataSpec spec = new DataSpec(new DataSource.Named(Catalog.MNIST), 0);
        data = new ResidentData(backend, problem.dataset());
        CohortKey key = CohortKey.atStart(problem.network(), spec, TrainingProblem.BATCH);
        cohort = new Cohort(key, backend, data.parts(spec), Recorder.NONE, all);
        cohort.applyDueEvents();
        cohort = cohort.regrouped().get(0);
    }

    /** So many steps of all members, done when this returns. */
    public void train(int steps) {
        left = steps;
        while (left > 0) {
            trainer.untilNextEvent(cohort);
            cohort.applyDueEvents();
        }
    }

    /** Mean losses of the problem's batch before and after one update, those of the last of so many equal members. */
    public static double[] losses(TrainingProblem problem, Backend backend, int members) {
        Shape scalars = Shape.scalars(members);
        try (Network network = new Network(backend, problem.network(), members);
                Pass pass = network.pass(TrainingProblem.BATCH);
                Tensor none = backend.zeros(ElementType.REAL, scalars);
                Tensor rate = backend.zeros(ElementType.REAL, scalars)) {
            for (int r = 0; r < members; r++) {
                network.write(r, problem.parameters());
                backend.write(pass.inputs(), r, inputs(problem));
                backend.write(pass.labels(), r, labels(problem));
                backend.write(rate, r, new float[] {TrainingProblem.RATE});
            }
            double before = loss(backend, network, pass, members);
            network.backward(pass, DropoutPlan.NONE);
            for (Parameter parameter : network.parameters()) {
                try (Tensor velocity =
                        backend.zeros(ElementType.REAL, parameter.value().shape())) {
                    backend.sgd(
                            parameter.value(), parameter.gradient(), velocity, new SgdRates(rate, none, none, none));
                }
            }
            return new double[] {before, loss(backend, network, pass, members)};
        }
    }

    private static double loss(Backend backend, Network network, Pass pass, int members) {
        try (Tensor sum = backend.zeros(ElementType.REAL, Shape.scalars(members))) {
            network.forward(pass, DropoutPlan.NONE);
            network.loss(pass, sum);
            return backend.doubles(sum, members - 1)[0] / TrainingProblem.BATCH;
        }
    }

    /** (features, B). */
    private static float[] inputs(TrainingProblem problem) {
        int features = problem.network().inputs();
        float[] inputs = new float[features * TrainingProblem.BATCH];
        for (int f = 0; f < features; f++) {
            for (int b = 0; b < TrainingProblem.BATCH; b++) {
                inputs[f * TrainingProblem.BATCH + b] = TrainingProblem.input(b, f);
            }
        }
        return inputs;
    }

    private static int[] labels(TrainingProblem problem) {
        int[] labels = new int[TrainingProblem.BATCH];
        for (int b = 0; b < labels.length; b++) {
            labels[b] = problem.label(b);
        }
        return labels;
    }

    @Override
    public void close() {
        cohort.close();
        data.close();
    }
}
