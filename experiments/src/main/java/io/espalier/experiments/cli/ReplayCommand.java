package io.espalier.experiments.cli;

import io.espalier.data.Dataset;
import io.espalier.run.BackendKind;
import io.espalier.run.Replay;
import io.espalier.run.RunControl;
import io.espalier.run.RunDirectory;
import io.espalier.run.RunException;
import io.espalier.run.Shard;
import io.espalier.run.StopSignal;
import io.espalier.study.Plan;
import io.espalier.study.Trial;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains a trial again and says whether it came out as recorded. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Trains a trial of a run again, from its provenance, and compares.",
            "On an equal machine and release the models must be the same to the bit; elsewhere, and where several"
                    + " machines made the trial, errors must be as near as those of two seeds. Exit code 4 if they are not."
        },
        footer = {"", "Example:", "  espalier replay runs/quickstart/trials/1f0c3a9b2d4e"})
final class ReplayCommand implements Callable<Integer> {
    private final Services services;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN_DIR/trials/ID")
    private Path folder;

    @Option(
            names = "--backend",
            paramLabel = "B",
            description = "cpu, cuda, cuda-tf32 or reference (default: as recorded).")
    private String backend;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where data sets are (else $ESPALIER_DATA, else the cache).")
    private Path data;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Keep what the replay leaves, in a new folder (default: nothing is kept).")
    private Path out;

    ReplayCommand(Services services) {
        this.services = services;
    }

    @Override
    public Integer call() throws IOException {
        Path trials = folder.toAbsolutePath().normalize().getParent();
        if (trials == null || !trials.endsWith("trials")) {
            throw new RunException(folder + " is not a trial of a run. Name RUN_DIR/trials/ID.");
        }
        Path run = trials.getParent();
        Plan plan = RunStudy.plan(run);
        String id = folder.toAbsolutePath().normalize().getFileName().toString();
        Trial trial = plan.trials().stream()
                .filter(any -> any.id().value().equals(id))
                .findFirst()
                .orElseThrow(() -> new RunException("The study of " + run + " has no trial " + id + "."));
        if (out != null) {
            return replay(run, plan, trial, fresh(out));
        }
        try (ScratchFolder scratch = ScratchFolder.of("espalier-replay")) {
            return replay(run, plan, trial, scratch.path());
        }
    }

    private static Path fresh(Path folder) {
        if (Files.exists(folder)) {
            throw new RunException(folder + " is there already. Choose a new folder with --out.");
        }
        return folder;
    }

    private int replay(Path run, Plan plan, Trial trial, Path into) {
        BackendKind kind = BackendNames.parse(backend == null ? RunDirectory.backend(run) : backend, spec);
        Dataset dataset = services.data(data).load(plan.study().data().source());
        StopSignal stop = services.stop();
        Optional<Replay> outcome;
        try (Signals signals = new Signals(stop)) {
            outcome = Replay.of(
                    run,
                    plan,
                    trial,
                    BuildInfo.read(),
                    dataset,
                    new RunDirectory.Executor(kind.key(), kind.description(), 1),
                    kind.devices(1).get(0),
                    into,
                    new RunControl(stop, RunControl.DEFAULT_INTERVAL, Shard.WHOLE, Optional.empty()));
        }
        if (outcome.isEmpty()) {
            spec.commandLine().getErr().println("espalier: interrupted; a replay begins anew.");
            return ExitCode.INTERRUPTED;
        }
        print(trial, outcome.get());
        return outcome.get().holds() ? ExitCode.DONE : ExitCode.REGRESSION;
    }

    private void print(Trial trial, Replay replay) {
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.println(trial.method() + ", seed " + trial.seed() + ":");
        for (Replay.Readout readout : replay.readouts()) {
            stdout.printf(
                    Locale.ROOT,
                    "  at %sx  error %.4f %% recorded, %.4f %% replayed; model %s%n",
                    readout.ratioTarget(),
                    readout.recordedError(),
                    readout.replayedError(),
                    readout.isSameModel()
                            ? readout.recorded().substring(0, 16) + ", the same"
                            : readout.recorded().substring(0, 16) + ", now "
                                    + readout.replayed().substring(0, 16));
        }
        stdout.println(verdict(replay));
        stdout.flush();
    }

    private static String verdict(Replay replay) {
        if (!replay.sameStatus()) {
            return "DIFFERS: one of the two diverged.";
        }
        if (replay.sameMachine()) {
            return replay.holds()
                    ? "Replayed to the bit."
                    : "DIFFERS: on an equal machine and release the models must be the same.";
        }
        return replay.holds()
                ? "Replayed on another machine: all errors are within three standard deviations of their difference."
                : "DIFFERS: on another machine errors may lie three standard deviations of their difference apart.";
    }
}
