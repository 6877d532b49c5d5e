package io.espalier.experiments.cli;

import io.espalier.bench.BenchJson;
import io.espalier.bench.BenchReport;
import io.espalier.bench.Budget;
import io.espalier.bench.Environment;
import io.espalier.bench.Result;
import io.espalier.bench.Rig;
import io.espalier.bench.Roofs;
import io.espalier.bench.StoppingRule;
import io.espalier.run.BackendKind;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all benchmarks are told: on what, how long, where to write, with what to compare. */
final class BenchOptions {
    private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)(s|m|h)");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--backend", paramLabel = "B", defaultValue = "auto", description = "auto, cpu or cuda.")
    private String backend;

    @Option(names = "--csv", paramLabel = "F", description = "Write the table, with more columns.")
    private Path csv;

    @Option(names = "--json", paramLabel = "F", description = "Write the report; nvbench's tools read it too.")
    private Path json;

    @Option(
            names = "--figures",
            paramLabel = "DIR",
            description = "Draw rooflines, and from where zeros pay, as SVG into a folder.")
    private Path figures;

    @Option(
            names = "--compare",
            paramLabel = "F",
            description = "Compare with an earlier report; what became slower gives exit code 4.")
    private Path base;

    @Option(
            names = "--fail-on",
            paramLabel = "PERCENT",
            defaultValue = "5",
            description = "How much slower counts, if it is beyond the noise too (default: 5).")
    private double percent;

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            description = "Seconds, minutes or hours in all: 60s, 10m; shared out among the measurements.")
    private String budget;

    @Option(names = "--min-samples", paramLabel = "N", defaultValue = "10", description = "At least (default: 10).")
    private int minSamples;

    @Option(
            names = "--min-time",
            paramLabel = "SECONDS",
            defaultValue = "0.5",
            description = "Of sampling, at least (default: 0.5).")
    private double minSeconds;

    @Option(
            names = "--max-noise",
            paramLabel = "PERCENT",
            defaultValue = "0.5",
            description = "Sampling stops below this, or when the noise no longer changes (default: 0.5).")
    private double maxNoise;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "15",
            description = "Of sampling, at most (default: 15).")
    private double timeout;

    /** The backend that was asked for: there is no measuring the reference. */
    BackendKind kind() {
        BackendKind kind = BackendNames.parse(backend, spec);
        if (kind == BackendKind.REFERENCE) {
            throw new ParameterException(
                    spec.commandLine(), "The reference is not made for speed: measure cpu or cuda.");
        }
        if (kind == BackendKind.CUDA_TF32) {
            throw new ParameterException(spec.commandLine(), "TF32 stands beside float32 in what cuda measures.");
        }
        return kind;
    }

    /** @param otherwise the budget if none was given; null for none */
    Budget budget(String otherwise) {
        String given = budget == null ? otherwise : budget;
        return given == null ? Budget.unlimited() : Budget.of(seconds(given));
    }

    private double seconds(String text) {
        Matcher duration = DURATION.matcher(text);
        if (!duration.matches()) {
            throw new ParameterException(
                    spec.commandLine(), "--budget is a time such as 60s, 10m or 1h, got `" + text + "`.");
        }
        int unit =
                switch (duration.group(2)) {
                    case "s" -> 1;
                    case "m" -> 60;
                    default -> 3600;
                };
        return Double.parseDouble(duration.group(1)) * unit;
    }

    StoppingRule rule() {
        try {
            return new StoppingRule(minSamples, minSeconds, maxNoise / 100, timeout);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage() + ".");
        }
    }

    /** The report to compare with, or null: a file that is none is told before anything is measured. */
    BenchReport base() {
        return base == null ? null : BenchJson.read(base);
    }

    /** Prints and writes what was found, and compares it; gives the exit code. */
    int finish(Rig rig, BenchReport base, Roofs roofs, List<Result> results) {
        String command = "espalier "
                + String.join(" ", spec.root().commandLine().getParseResult().originalArgs());
        BenchReport report = new BenchReport(Environment.of(BuildInfo.read(), command, rig), roofs, results);
        return new BenchOutput(spec.commandLine().getOut()).write(report, csv, json, figures, base, percent / 100);
    }
}
