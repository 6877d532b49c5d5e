package io.espalier.bench;

import io.espalier.backend.Backend;
import io.espalier.compress.SaliencyKind;
import io.espalier.compress.Scope;
import io.espalier.data.Catalog;
import io.espalier.data.DataSource;
import io.espalier.data.DataSpec;
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
public final class EspalierTraining implements Steps {
    private static final double LEARNING_RATE = 1e-3;

    private final ResidentData data;
    private int left;
    private final Trainer trainer = new Trainer(() -> --this.left <= 0);
    private Cohort cohort;

    /** Members that differ in their seeds; masks are cut by magnitude before training. */
    public EspalierTraining(TrainingProblem problem, Backend backend, int members) {
        TrainingSettings settings = new TrainingSettings(
                1_000_000,
                problem.batch(),
                new LearningRate.Constant(LEARNING_RATE),
                TrainingProblem.MOMENTUM,
                0,
                0,
                Penalty.NONE,
                ReportAt.LAST);
        List<Instruction> program = new ArrayList<>(List.of(new Instruction.Initialize(problem.storage())));
        if (problem.load() instanceof Load.Masked) {
            program.add(new Instruction.Prune(SaliencyKind.MAGNITUDE.saliency(), Scope.LAYER, problem.alive()));
        }
        program.add(new Instruction.StartPhase(settings, Length.epochs(0), false));
        program.add(new Instruction.Train(Length.parse("900000000it")));
        List<Member> all = new ArrayList<>();
        for (int r = 0; r < members; r++) {
            all.add(new Member("bench " + r, new Seed(r), new Program(program), null));
        }
        DataSpec spec = new DataSpec(new DataSource.Named(Catalog.MNIST), 0);
        data = new ResidentData(backend, problem.dataset());
        CohortKey key = CohortKey.atStart(problem.network(), spec, problem.batch());
        cohort = new Cohort(key, backend, data.parts(spec), Recorder.NONE, all);
        cohort.applyDueEvents();
        cohort = cohort.regrouped().get(0);
    }

    /** So many steps of all members, done when this returns. */
    @Override
    public void run(int steps) {
        left = steps;
        while (left > 0) {
            trainer.untilNextEvent(cohort);
            cohort.applyDueEvents();
        }
    }

    @Override
    public void close() {
        cohort.close();
        data.close();
    }
}
