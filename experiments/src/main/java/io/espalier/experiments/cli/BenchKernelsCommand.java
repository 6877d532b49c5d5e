package io.espalier.experiments.cli;

import io.espalier.bench.BenchReport;
import io.espalier.bench.Family;
import io.espalier.bench.Grid;
import io.espalier.bench.Grid.Layer;
import io.espalier.bench.KernelBench;
import io.espalier.bench.Oracle;
import io.espalier.bench.Result;
import io.espalier.bench.Rig;
import io.espalier.bench.Roofs;
import io.espalier.run.BackendKind;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures ops one by one. */
@Command(
        name = "kernels",
        mixinStandardHelpOptions = true,
        description = {
            "Measures ops beside their peers, with cold and warm caches. What gives a wrong answer has no time.",
            "A row is a candidate: ours, a peer that does the same, or a baseline that does less."
        },
        footer = {
            "",
            "Examples:",
            "  espalier bench kernels --quick --json base.json",
            "  espalier bench kernels --quick --compare base.json",
            "  espalier bench kernels --only sparse --layers 1000x784 --sparsities 90,95 --csv sparse.csv"
        })
final class BenchKernelsCommand implements Callable<Integer> {
    private static final String QUICK_BUDGET = "60s";

    private final Services services;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BenchOptions options;

    /** Sizes that belong together. */
    enum Sizes {
        QUICK,
        STANDARD,
        FULL
    }

    @Option(
            names = "--grid",
            paramLabel = "G",
            defaultValue = "standard",
            description = "quick, standard or full (default: standard).")
    private Sizes sizes;

    @Option(names = "--quick", description = "The same as --grid quick --budget " + QUICK_BUDGET + ".")
    private boolean quick;

    @Option(
            names = "--only",
            paramLabel = "F",
            split = ",",
            description = "Some of: dense, sparse, hashed, curvature, memory, step.")
    private List<Family> families;

    @Option(names = "--layers", paramLabel = "OxI", split = ",", description = "Outputs by inputs: 300x784,100x300.")
    private List<String> layers;

    @Option(names = "--batches", paramLabel = "B", split = ",", description = "Examples in a batch: 32,128.")
    private List<Integer> batches;

    @Option(names = "--members", paramLabel = "R", split = ",", description = "Networks at once: 1,64.")
    private List<Integer> members;

    @Option(
            names = "--sparsities",
            paramLabel = "%",
            split = ",",
            description = "Percent of the weights removed: 90,95.")
    private List<Double> sparsities;

    @Option(names = "--compressions", paramLabel = "C", split = ",", description = "Weights a bucket: 8,64.")
    private List<Integer> compressions;

    @Option(names = "--profile", description = "Check and run everything, measure nothing: for a profiler.")
    private boolean profile;

    BenchKernelsCommand(Services services) {
        this.services = services;
    }

    @Override
    public Integer call() {
        BackendKind kind = options.kind();
        Grid grid = grid(kind);
        Set<Family> chosen = families == null ? EnumSet.allOf(Family.class) : EnumSet.copyOf(families);
        BenchReport base = options.base();
        PrintWriter err = spec.commandLine().getErr();
        try (Rig rig = Rig.of(kind);
                Oracle oracle = Oracle.of(kind, services::open)) {
            KernelBench bench =
                    new KernelBench(rig, oracle, options.rule(), options.budget(quick ? QUICK_BUDGET : null), line -> {
                        err.println(line);
                        err.flush();
                    });
            if (profile) {
                return options.finish(rig, base, null, bench.checked(grid, chosen));
            }
            Roofs roofs = bench.roofs();
            List<Result> results = bench.measured(grid, chosen);
            return options.finish(rig, base, roofs, results);
        }
    }

    private Grid grid(BackendKind kind) {
        boolean device = kind == BackendKind.CUDA;
        Grid preset =
                switch (quick ? Sizes.QUICK : sizes) {
                    case QUICK -> Grid.quick(device);
                    case STANDARD -> Grid.standard(device);
                    case FULL -> Grid.full(device);
                };
        return new Grid(
                layers == null
                        ? preset.layers()
                        : layers.stream().map(this::layer).toList(),
                positive("--batches", batches, preset.batches()),
                positive("--members", members, preset.members()),
                sparsities == null
                        ? preset.sparsities()
                        : sparsities.stream().map(this::share).toList(),
                positive("--compressions", compressions, preset.compressions()));
    }

    private Layer layer(String text) {
        if (!text.matches("[1-9]\\d{0,5}x[1-9]\\d{0,5}")) {
            throw new ParameterException(
                    spec.commandLine(), "--layers wants outputs by inputs such as 300x784, got `" + text + "`.");
        }
        String[] numbers = text.split("x");
        return new Layer(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
    }

    private double share(double percent) {
        if (!(percent >= 0 && percent < 100)) {
            throw new ParameterException(
                    spec.commandLine(), "--sparsities are percents from 0 to below 100, got " + percent + ".");
        }
        return percent / 100;
    }

    private List<Integer> positive(String option, List<Integer> given, List<Integer> otherwise) {
        if (given == null) {
            return otherwise;
        }
        if (given.stream().anyMatch(value -> value < 1)) {
            throw new ParameterException(spec.commandLine(), option + " must be at least 1.");
        }
        return given;
    }
}
