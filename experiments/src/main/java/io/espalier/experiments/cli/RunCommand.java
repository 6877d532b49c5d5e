package io.espalier.experiments.cli;

import io.espalier.data.Dataset;
import io.espalier.experiments.report.ReportPage;
import io.espalier.run.BackendKind;
import io.espalier.run.Check;
import io.espalier.run.Device;
import io.espalier.run.ResultTable;
import io.espalier.run.RunControl;
import io.espalier.run.RunDirectory;
import io.espalier.run.RunException;
import io.espalier.run.Scheduler;
import io.espalier.run.Selection;
import io.espalier.run.Shard;
import io.espalier.run.StopSignal;
import io.espalier.run.TuningTable;
import io.espalier.study.Plan;
import io.espalier.study.Trial;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs what is missing of a study and prints its table. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Runs a study: trains what is missing, prints the table.",
        footer = {"", "Example:", "  espalier run quickstart --workers 2 --out runs/first"})
final class RunCommand implements Callable<Integer> {
    private static final int MOST_SECONDS = 1_000_000;

    private final Services services;

    @Spec
    private CommandSpec spec;

    @Mixin
    private StudyOptions study;

    @Option(
            names = "--backend",
            paramLabel = "B",
            defaultValue = "auto",
            description = "auto, cpu, cuda, cuda-tf32 or reference.")
    private String backend;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where data sets are (else $ESPALIER_DATA, else the cache).")
    private Path data;

    @Option(names = "--out", paramLabel = "DIR", description = "The run directory (default runs/<study>).")
    private Path out;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "Processor cores, a trial each; those without one help with large networks (default: all).")
    private Integer workers;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "What a crash costs at most (default: 30).")
    private double checkpointSeconds;

    @Option(
            names = "--shard",
            paramLabel = "i/n",
            description = "Do only part i of n, or with --share do it first; shards may share one --out.")
    private String shard;

    @Option(
            names = "--share",
            description = "Work on one --out with any number of processes: claim trials one by one, take over those of"
                    + " processes that died, end when all are over.")
    private boolean share;

    @Option(
            names = "--lease",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "A process that is silent for so long is taken for dead (default: 60).")
    private double leaseSeconds;

    @Option(
            names = "--check",
            paramLabel = "STEPS",
            arity = "0..1",
            fallbackValue = "" + Check.DEFAULT_STEPS,
            description =
                    "Repeat the first steps of every cohort (default: 3), and what every model predicts, on a second"
                            + " backend; exit code 4 if they disagree.")
    private Integer check;

    @Option(names = "--dry-run", description = "Print the plan and do nothing.")
    private boolean dryRun;

    @Option(names = "--quiet", description = "No progress, only the table.")
    private boolean quiet;

    RunCommand(Services services) {
        this.services = services;
    }

    @Override
    public Integer call() {
        Plan plan = study.plan();
        PrintWriter stdout = spec.commandLine().getOut();
        if (dryRun) {
            PlanText.print(plan, workers(), stdout);
            return ExitCode.DONE;
        }
        Shard part = shard();
        BackendKind kind = BackendNames.parse(backend, spec);
        Optional<Check> asked = check(kind);
        // MNIST takes 0.3 s to read and OpenBLAS 0.1 s to load; neither needs the other.
        CompletableFuture<Dataset> reading = CompletableFuture.supplyAsync(
                () -> services.data(data).load(plan.study().data().source()));
        List<Device> devices = kind.devices(workers());
        Dataset dataset = read(reading);
        Scheduler.requireRunnable(plan.study(), dataset);
        Path path = out == null ? Path.of("runs", plan.study().name()) : out;
        Scheduler.Outcome outcome;
        List<Trial> failed;

        try (RunDirectory directory = RunDirectory.open(
                path,
                plan.study(),
                study.text(),
                BuildInfo.read(),
                dataset,
                new RunDirectory.Executor(kind.key(), kind.description(), devices.size()),
                part,
                seconds("--lease", leaseSeconds, 0.1))) {
            StopSignal stop = services.stop();
            try (Signals signals = new Signals(stop);
                    RunProgress progress = RunProgress.of(
                            Selection.plan(plan.study(), path),
                            part,
                            path,
                            services.isTerminal(),
                            quiet,
                            spec.commandLine().getErr())) {
                outcome = Scheduler.run(
                        plan.study(),
                        dataset,
                        devices,
                        directory,
                        progress,
                        new RunControl(stop, seconds("--checkpoint-every", checkpointSeconds, 0), part, asked));
            } catch (RunException unusable) {
                throw unusable;
            } catch (RuntimeException stopped) {
                ReportPage.write(path, Selection.plan(plan.study(), path));
                throw stopped;
            }
            ReportPage.write(path, Selection.plan(plan.study(), path));
            failed = RunDirectory.failed(path, outcome.plan());
        }
        Plan known = outcome.plan();
        SummaryText.print(known, ResultTable.of(path, known), TuningTable.of(path, known), path, stdout);
        for (Trial trial : failed) {
            spec.commandLine()
                    .getErr()
                    .println("espalier: " + trial.method() + ", seed " + trial.seed() + " failed; see "
                            + path.resolve("trials").resolve(trial.id().value()).resolve("failed.json")
                            + ". Run the same command again to retry.");
        }
        if (outcome.left() > 0) {
            spec.commandLine()
                    .getErr()
                    .println("espalier: interrupted with " + outcome.left()
                            + " trials left; everything is saved. Run the same command again to go on.");
            return ExitCode.INTERRUPTED;
        }
        if (outcome.isIncomplete()) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "espalier: this shard has done what it can; choices on validation data wait for other shards."
                                    + " Run the same command again when those are done.");
            return ExitCode.INTERRUPTED;
        }
        if (outcome.failures() > 0) {
            return ExitCode.FAILED;
        }
        return ResultTable.of(path, known).check().parity().holds() ? ExitCode.DONE : ExitCode.REGRESSION;
    }

    /** What came of it, be that an exception. */
    private static Dataset read(CompletableFuture<Dataset> reading) {
        try {
            return reading.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private Duration seconds(String option, double seconds, double least) {
        if (!(seconds >= least && seconds <= MOST_SECONDS)) {
            throw new ParameterException(
                    spec.commandLine(),
                    option + " must be " + (least == 0 ? "0" : Double.toString(least)) + " to " + MOST_SECONDS
                            + " seconds, got " + seconds + ".");
        }
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    private Optional<Check> check(BackendKind kind) {
        if (check == null) {
            return Optional.empty();
        }
        if (check < 1) {
            throw new ParameterException(spec.commandLine(), "--check needs at least one step, got " + check + ".");
        }
        BackendKind shadow = kind.shadow()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "Backend " + kind.key() + " is the definition and has nothing to be checked against."
                                + " Leave out --check."));
        return Optional.of(new Check(check, () -> services.open(shadow)));
    }

    private Shard shard() {
        try {
            Shard part = shard == null ? Shard.WHOLE : Shard.parse(shard);
            return share ? part.shared() : part;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage() + ".");
        }
    }

    private int workers() {
        int count = workers == null ? Runtime.getRuntime().availableProcessors() : workers;
        if (count < 1 || count > 4096) {
            throw new ParameterException(spec.commandLine(), "--workers must be 1 to 4096, got " + count + ".");
        }
        return count;
    }
}
