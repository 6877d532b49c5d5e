package io.espalier.experiments.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How many processes of what size a cluster is to start, and what they are told. */
final class SubmitOptions {
    private static final int MOST_TASKS = 10_000;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--tasks",
            paramLabel = "N",
            defaultValue = "4",
            description = "Processes that share it (default: 4).")
    private int tasks;

    @Option(names = "--gpus", paramLabel = "N", defaultValue = "0", description = "GPUs for each (default: 0).")
    private int gpus;

    @Option(names = "--cpus", paramLabel = "N", defaultValue = "1", description = "Cores for each (default: 1).")
    private int cpus;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            defaultValue = "4G",
            description = "Memory for each (default: 4G).")
    private String memory;

    @Option(
            names = "--backend",
            paramLabel = "B",
            description = "auto, cpu, cuda, cuda-tf32 or reference (default: cuda with GPUs, else cpu).")
    private String backend;

    @Option(
            names = "--lease",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "A process that is silent for so long is taken for dead (default: 60).")
    private double lease;

    int tasks() {
        return within("--tasks", tasks, 1, MOST_TASKS);
    }

    int gpus() {
        return within("--gpus", gpus, 0, MOST_TASKS);
    }

    int cpus() {
        return within("--cpus", cpus, 1, MOST_TASKS);
    }

    /** As Slurm writes it: megabytes, or with K, M, G or T. */
    String memory() {
        if (!memory.matches("[1-9][0-9]*[KMGT]?")) {
            throw new ParameterException(
                    spec.commandLine(), "--memory is written like 800M or 4G, got " + memory + ".");
        }
        return memory;
    }

    int within(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(), option + " must be " + least + " to " + most + ", got " + value + ".");
        }
        return value;
    }

    /** Options of every process's {@code espalier run}. */
    List<String> runOptions() {
        String kind = backend != null ? backend : gpus > 0 ? "cuda" : "cpu";
        if (!kind.equals("auto")) {
            kind = BackendNames.parse(kind, spec).key();
        }
        return new ArrayList<>(
                List.of("--backend", kind, "--workers", Integer.toString(cpus()), "--lease", Double.toString(lease)));
    }
}
