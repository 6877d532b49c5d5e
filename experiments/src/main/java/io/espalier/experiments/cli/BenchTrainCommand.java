package io.espalier.experiments.cli;

import io.espalier.bench.BenchReport;
import io.espalier.bench.Budget;
import io.espalier.bench.KernelBench;
import io.espalier.bench.Oracle;
import io.espalier.bench.PeerBench;
import io.espalier.bench.PeerGrid;
import io.espalier.bench.Result;
import io.espalier.bench.Rig;
import io.espalier.bench.Roofs;
import io.espalier.bench.StudyBench;
import io.espalier.bench.TrainBench;
import io.espalier.run.BackendKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures whole training steps. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = {
            "Times training steps of LeNet-300-100 by the clock on the wall, ours and PyTorch's.",
            "PyTorch takes part where Python has it: eager, and on a GPU as a graph, for many networks also mapped (vmap).",
            "With --peers, on processors: dense, masked and hashed steps, curvature and many trials beside libtorch's."
        },
        footer = {
            "",
            "Examples:",
            "  espalier bench train --members 1,64 --python venv/bin/python",
            "  espalier bench train --peers --quick --timeout 3 --compare base.json --fail-on 15"
        })
final class BenchTrainCommand implements Callable<Integer> {
    private static final String SCRIPT = "/io/espalier/experiments/peers/lenet_step.py";

    private static final int STUDY_ROUNDS = 3;

    private final Services services;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BenchOptions options;

    @Option(
            names = "--members",
            paramLabel = "R",
            split = ",",
            description = "Networks at once (default: 1,64 on a GPU, 1 on processors).")
    private List<Integer> members;

    @Option(
            names = "--python",
            paramLabel = "P",
            defaultValue = "python3",
            description = "The Python that may have PyTorch (default: python3).")
    private String python;

    @ArgGroup(exclusive = false, heading = "Beside libtorch, on processors:%n")
    private PeerOptions peers;

    BenchTrainCommand(Services services) {
        this.services = services;
    }

    @Override
    public Integer call() {
        BackendKind kind = options.kind();
        BenchReport base = options.base();
        if (peers != null && peers.takePart()) {
            return besideLibtorch(kind, base);
        }
        if (members == null) {
            members = kind == BackendKind.CUDA ? List.of(1, 64) : List.of(1);
        } else if (members.stream().anyMatch(count -> count < 1)) {
            throw new ParameterException(spec.commandLine(), "--members must be at least 1.");
        }
        PrintWriter err = spec.commandLine().getErr();
        Path script = script();
        try (Rig rig = Rig.of(kind);
                Oracle oracle = Oracle.of(kind, services::open)) {
            TrainBench bench = new TrainBench(rig, oracle, options.rule(), options.budget(null), line -> {
                err.println(line);
                err.flush();
            });
            List<Result> results = bench.measured(members, python, script);
            return options.finish(rig, base, null, results);
        } finally {
            script.toFile().delete();
        }
    }

    private int besideLibtorch(BackendKind kind, BenchReport base) {
        if (kind != BackendKind.CPU) {
            throw new ParameterException(
                    spec.commandLine(),
                    "libtorch's peers are for processors: say --backend cpu, or leave --peers out.");
        }
        PeerGrid grid = peers.grid(spec);
        PrintWriter err = spec.commandLine().getErr();
        String libtorch = peers.libtorch();
        int seeds = peers.seeds(spec);
        Path mnist = seeds > 0 ? peers.mnist(services) : null;
        Consumer<String> progress = line -> {
            err.println(line);
            err.flush();
        };
        try (Rig rig = Rig.of(kind);
                Oracle oracle = Oracle.of(kind, services::open)) {
            Roofs roofs = new KernelBench(rig, oracle, options.rule(), Budget.unlimited(), progress).roofs();
            PeerBench bench = new PeerBench(rig, oracle, options.rule(), options.budget(null), libtorch, progress);
            List<Result> results = new ArrayList<>(bench.measured(grid));
            if (seeds > 0) {
                results.addAll(new StudyBench(STUDY_ROUNDS, seeds, progress)
                        .measured(StudyContestant.class.getName(), PeerOptions.LIBTORCH_STUDY, mnist.toString()));
            }
            return options.finish(rig, base, roofs, results);
        }
    }

    /** Python reads files, not jars. */
    private static Path script() {
        try (InputStream in = BenchTrainCommand.class.getResourceAsStream(SCRIPT)) {
            Path file = Files.createTempFile("lenet_step", ".py");
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
