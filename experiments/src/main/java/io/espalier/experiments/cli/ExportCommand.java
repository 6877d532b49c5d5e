package io.espalier.experiments.cli;

import io.espalier.experiments.export.Export;
import io.espalier.run.RunException;
import io.espalier.study.Plan;
import io.espalier.study.Trial;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Models and metrics for other programs. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Writes the models of a run, or of one of its trials, as ONNX or safetensors, or its metrics for TensorBoard.",
            "Files are called after method, ratio and seed. TensorBoard also gets the trials that were only chosen between."
        },
        footer = {
            "",
            "Example:",
            "  espalier export runs/quickstart --format onnx --out models",
            "  espalier export runs/quickstart --format tensorboard --out logs"
        })
final class ExportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN_DIR|TRIAL_DIR")
    private Path from;

    @Option(names = "--format", required = true, paramLabel = "F", description = "onnx, safetensors or tensorboard.")
    private Export.Format format;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder to write to.")
    private Path out;

    @Override
    public Integer call() {
        Path path = from.toAbsolutePath().normalize();
        boolean isTrial = path.getParent() != null
                && path.getParent().getFileName() != null
                && path.getParent().getFileName().toString().equals("trials");
        Path run = isTrial ? path.getParent().getParent() : from;
        Plan plan = RunStudy.plan(run);
        List<Trial> trials = format == Export.Format.TENSORBOARD ? plan.trials() : plan.results();
        if (isTrial) {
            String id = path.getFileName().toString();
            trials = plan.trials().stream()
                    .filter(trial -> trial.id().value().equals(id))
                    .toList();
            if (trials.isEmpty()) {
                throw new RunException(from + " is not a trial of the study in " + run + ".");
            }
        }
        Export.write(run, plan, trials, format, out).forEach(spec.commandLine().getOut()::println);
        return ExitCode.DONE;
    }
}
