package io.espalier.examples;

import io.espalier.backend.Activation;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.Law;
import io.espalier.compress.SaliencyKind;
import io.espalier.compress.Scope;
import io.espalier.data.Catalog;
import io.espalier.data.DataSource;
import io.espalier.data.DataSpec;
import io.espalier.data.DataStore;
import io.espalier.data.Dataset;
import io.espalier.experiments.report.ReportPage;
import io.espalier.method.Dense;
import io.espalier.method.EqualSize;
import io.espalier.method.FromScratch;
import io.espalier.method.FromTrained;
import io.espalier.method.Prune;
import io.espalier.method.SparsitySchedule;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.NetworkSpec;
import io.espalier.random.Seed;
import io.espalier.run.BackendKind;
import io.espalier.run.Build;
import io.espalier.run.Device;
import io.espalier.run.Progress;
import io.espalier.run.ResultTable;
import io.espalier.run.RunControl;
import io.espalier.run.RunDirectory;
import io.espalier.run.Scheduler;
import io.espalier.study.Entry;
import io.espalier.study.Plan;
import io.espalier.study.Study;
import io.espalier.train.LearningRate;
import io.espalier.train.Penalty;
import io.espalier.train.Recovery;
import io.espalier.train.ReportAt;
import io.espalier.train.TrainingSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * A study without a study file: described in Java, planned, run where it is called, read back. Its trials are those that a file with
 * the same values has, under the same ids. Argument: the run directory.
 */
public final class PruneInJava {
    private PruneInJava() {}

    public static void main(String[] arguments) {
        Study study = study();
        System.out.println(Plan.outline(study).trials().size() + " trials");
        Plan plan = run(study, Path.of(arguments[0]));
        for (ResultTable.Summary row :
                ResultTable.of(Path.of(arguments[0]), plan).summaries()) {
            System.out.printf(
                    "%s at %sx: %.2f %% of the test examples wrong, n = %d%n",
                    row.method(), row.ratioTarget(), row.testError().mean(), row.n());
        }
        System.out.println(ReportPage.write(Path.of(arguments[0]), plan));
    }

    /** Does pruning err less than a narrower network, on rectangles? */
    static Study study() {
        TrainingSettings training = training(4);
        SparsitySchedule twoCuts = new SparsitySchedule(Law.GEOMETRIC, 2, false);
        return new Study(
                "in-java",
                "Does pruning err less than a narrower network?",
                new DataSpec(new DataSource.Named(Catalog.RECTANGLES), 200),
                new NetworkSpec(
                        List.of(784, 50, 2), Activation.RELU, Activation.LINEAR, Loss.SOFTMAX, Initialization.HE),
                List.of(
                        Entry.of(new Dense("dense", training)),
                        Entry.of(new EqualSize("narrow", new FromScratch(training, OptionalInt.empty(), List.of()))),
                        Entry.of(new Prune(
                                "prune",
                                SaliencyKind.MAGNITUDE.saliency(),
                                new FromTrained(
                                        training(1),
                                        Scope.GLOBAL,
                                        twoCuts,
                                        new Recovery.FineTune(),
                                        "dense",
                                        List.of())))),
                List.of(new CompressionRatio(4), new CompressionRatio(16)),
                List.of(new Seed(0), new Seed(1)),
                false,
                List.of());
    }

    private static TrainingSettings training(int epochs) {
        return new TrainingSettings(epochs, 50, new LearningRate.Cosine(0.1), 0.9, 0, 0, Penalty.NONE, ReportAt.LAST);
    }

    /** Runs what the directory lacks of the study; killed, it goes on there. */
    private static Plan run(Study study, Path directory) {
        BackendKind backend = BackendKind.CPU;
        List<Device> devices = backend.devices(2);
        Dataset dataset = new DataStore(directory.resolveSibling("data"))
                .load(study.data().source());
        RunDirectory.Executor executor =
                new RunDirectory.Executor(backend.key(), backend.description(), devices.size());
        RunControl control = RunControl.undisturbed();
        try (RunDirectory run = RunDirectory.open(
                directory,
                study,
                "# described in Java\n",
                new Build("example", "", ""),
                dataset,
                executor,
                control.shard())) {
            Scheduler.Outcome outcome = Scheduler.run(study, dataset, devices, run, Progress.NONE, control);
            if (outcome.failures() > 0) {
                throw new IllegalStateException(outcome.failures() + " trials failed");
            }
            return outcome.plan();
        }
    }
}
