package io.espalier.experiments.cli;

import io.espalier.experiments.report.ReportPage;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tables and pages again, from the files of runs alone. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = "Writes report.html, results.csv and summary.csv of runs again, from their files.",
        footer = {"", "Example:", "  espalier report runs/quickstart"})
final class ReportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "RUN_DIR")
    private List<Path> runs;

    @Override
    public Integer call() {
        for (Path run : runs) {
            spec.commandLine().getOut().println(ReportPage.write(run, RunStudy.plan(run)));
        }
        return ExitCode.DONE;
    }
}
