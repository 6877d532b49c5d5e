package io.espalier.experiments.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures; what, its verbs say. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures the ops beside those of other libraries; docs/benchmarks.md says how.",
        footer = {"", "Example:", "  espalier bench kernels --quick"},
        subcommands = {BenchKernelsCommand.class, BenchTrainCommand.class, BenchInferenceCommand.class})
final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Say what to measure, for example `espalier bench kernels --quick`.");
    }
}
