package io.espalier.experiments.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the trials of a study. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = "Prints the trials that a study would run, and what they cost.",
        footer = {"", "Example:", "  espalier plan quickstart --set seeds=1"})
final class PlanCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private StudyOptions study;

    PlanCommand(Services services) {}

    @Override
    public Integer call() {
        PlanText.print(
                study.plan(),
                Runtime.getRuntime().availableProcessors(),
                spec.commandLine().getOut());
        return ExitCode.DONE;
    }
}
