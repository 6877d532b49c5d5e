package io.espalier.experiments.cli;

import io.espalier.experiments.report.ReportPage;
import io.espalier.study.Plan;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tables and pages again, from the files of runs alone. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = "Writes report.html and the tables of runs again, from their files.",
        footer = {"", "Example:", "  espalier report runs/quickstart --figures --markdown"})
final class ReportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "RUN_DIR")
    private List<Path> runs;

    @Option(names = "--figures", description = "Every chart as an SVG file too, in figures/.")
    private boolean figures;

    @Option(names = "--markdown", description = "The numbers as tables of Markdown too, in report.md.")
    private boolean markdown;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        for (Path run : runs) {
            Plan plan = RunStudy.plan(run);
            out.println(ReportPage.write(run, plan));
            if (figures) {
                ReportPage.writeFigures(run, plan).forEach(out::println);
            }
            if (markdown) {
                out.println(ReportPage.writeMarkdown(run, plan));
            }
        }
        return ExitCode.DONE;
    }
}
