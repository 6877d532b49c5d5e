package io.espalier.experiments.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Hands a study to a cluster; to which, its verbs say. */
@Command(
        name = "submit",
        mixinStandardHelpOptions = true,
        description = "Hands a study to a cluster; docs/clusters.md says how.",
        footer = {"", "Example:", "  espalier submit slurm lenet-300-100 --tasks 4 --out /shared/runs/lenet"},
        subcommands = {SubmitSlurmCommand.class, SubmitKubernetesCommand.class})
final class SubmitCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Say which cluster, for example `espalier submit slurm quickstart --tasks 2`.");
    }
}
