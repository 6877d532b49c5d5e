package io.espalier.experiments.cli;

import io.espalier.bench.InferenceBench;
import io.espalier.bench.Rig;
import io.espalier.bench.StoppingRule;
import io.espalier.experiments.report.ReportPage;
import io.espalier.network.ModelFile;
import io.espalier.network.NetworkSpec;
import io.espalier.run.InferenceTable;
import io.espalier.run.ResultTable;
import io.espalier.run.RunDirectory;
import io.espalier.run.TrialResult;
import io.espalier.study.Plan;
import io.espalier.study.Trial;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures how fast the models of a run answer. */
@Command(
        name = "inference",
        mixinStandardHelpOptions = true,
        description = {
            "Times every model of a run by itself, one example and 128 at once, and counts its memory and multiply-adds.",
            "Writes inference.csv into the run's directory, and results.csv and report.html again. Let nothing else run meanwhile."
        },
        footer = {"", "Example:", "  espalier bench inference runs/quickstart"})
final class BenchInferenceCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN_DIR")
    private Path run;

    @Option(names = "--backend", paramLabel = "B", defaultValue = "auto", description = "auto, cpu, cuda or cuda-tf32.")
    private String backend;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "0.5",
            description = "The most that one time may take to be found (default: 0.5).")
    private double seconds;

    @Override
    public Integer call() throws IOException {
        Plan plan = RunStudy.plan(run);
        PrintWriter err = spec.commandLine().getErr();
        try (Rig rig = Rig.of(BackendNames.parse(backend, spec))) {
            InferenceBench bench = new InferenceBench(rig, StoppingRule.NVBENCH.within(seconds));
            InferenceTable table = InferenceTable.read(run);
            for (Trial trial : plan.results()) {
                Optional<TrialResult> result = RunDirectory.readResult(run, trial);
                result.ifPresent(
                        done -> trial.ratios().forEach(ratio -> done.row(ratio).ifPresent(row -> {
                            NetworkSpec shape = row.shape(trial.network());
                            Path model = RunDirectory.modelPath(run, trial, row.ratioTarget());
                            InferenceTable.Speed speed = bench.measured(shape, ModelFile.read(shape, model));
                            table.put(trial.id(), ratio, speed);
                            err.printf(
                                    "%s, seed %s at %sx: %.1f us, %.1f us for 128%n",
                                    trial.method(),
                                    trial.seed(),
                                    ratio,
                                    speed.microsecondsOfOne(),
                                    speed.microsecondsOfBatch());
                            err.flush();
                        })));
            }
            table.write(run);
        }
        ResultTable.of(run, plan).write(run);
        spec.commandLine().getOut().println(ReportPage.write(run, plan));
        return ExitCode.DONE;
    }
}
