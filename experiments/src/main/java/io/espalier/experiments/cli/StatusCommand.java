package io.espalier.experiments.cli;

import io.espalier.run.ResultTable;
import io.espalier.run.RunDirectory;
import io.espalier.study.Plan;
import io.espalier.study.Trial;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says how far a run is, from its files. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Says what of a run is done, under way and left.",
        footer = {"", "Example:", "  espalier status runs/quickstart"})
final class StatusCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN_DIR")
    private Path run;

    @Override
    public Integer call() {
        Plan plan = RunStudy.plan(run);
        ResultTable table = ResultTable.of(run, plan);
        List<Trial> failed = RunDirectory.failed(run, plan);
        int started = 0;
        for (Trial trial : plan.trials()) {
            if (RunDirectory.isStarted(run, trial)) {
                started++;
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        int left = plan.trials().size() - table.finished() - started - failed.size();
        out.println(plan.study().name() + ": " + table.finished() + " of "
                + plan.trials().size() + " trials done ("
                + table.diverged() + " diverged), " + started + " started, " + failed.size()
                + " failed, " + left + " left.");
        for (Trial trial : failed) {
            out.println("failed: " + trial.id() + " " + trial.method() + ", seed " + trial.seed());
        }
        out.flush();
        return ExitCode.DONE;
    }
}
