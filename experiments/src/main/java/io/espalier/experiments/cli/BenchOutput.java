package io.espalier.experiments.cli;

import io.espalier.bench.BenchCsv;
import io.espalier.bench.BenchJson;
import io.espalier.bench.BenchReport;
import io.espalier.bench.Comparison;
import io.espalier.bench.Comparison.Change;
import io.espalier.bench.Comparison.Label;
import io.espalier.bench.Mode;
import io.espalier.bench.Result;
import io.espalier.bench.Role;
import io.espalier.bench.Roofs;
import io.espalier.bench.Size;
import io.espalier.bench.StoppingRule.Reason;
import io.espalier.bench.Summary;
import io.espalier.bench.Timing;
import io.espalier.data.DataException;
import io.espalier.experiments.report.BenchFigures;
import io.espalier.run.AtomicFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A report for people: one table, what has no time and why, what changed. */
final class BenchOutput {
    private static final int LEFT = 3;

    private final PrintWriter out;

    BenchOutput(PrintWriter out) {
        this.out = out;
    }

    /**
     * Prints a report, writes it where files are named, and compares it with an earlier one.
     *
     * @param csv null for none, as json, figures and base
     * @param threshold the share by which a time may grow
     * @return the exit code: a wrong answer is a regression, as is something of ours that became slower
     */
    int write(BenchReport report, Path csv, Path json, Path figures, BenchReport base, double threshold) {
        print(report);
        try {
            if (csv != null) {
                AtomicFiles.write(csv, BenchCsv.text(report));
            }
            if (json != null) {
                BenchJson.write(report, json);
            }
            if (figures != null) {
                BenchFigures.write(report, figures).forEach(file -> out.println("  " + file));
            }
        } catch (IOException | UncheckedIOException e) {
            throw new DataException(
                    "The report cannot be written: " + e.getClass().getSimpleName() + " " + e.getMessage() + ".", e);
        }
        boolean slower = base != null && printChanges(base, report, threshold);
        out.flush();
        return slower || report.isBroken() ? ExitCode.REGRESSION : ExitCode.DONE;
    }

    private void print(BenchReport report) {
        TextTable table = new TextTable(
                LEFT,
                "op",
                "size",
                "candidate",
                "samples",
                "cold us",
                "noise",
                "warm us",
                "noise",
                "call us",
                "GFLOP/s",
                "GB/s",
                "roof cold",
                "roof warm",
                "/ peer",
                "/ baseline",
                "speedup");
        for (Result result : report.results()) {
            table.row(cells(report, result));
        }
        table.print(out);
        report.results().stream()
                .filter(result -> !result.verdict().isRight())
                .forEach(result -> out.println(result.op() + ", " + size(result.size()) + ", " + result.candidate()
                        + ": " + state(result) + ": " + result.verdict().reason()));
        out.println(
                "Medians; GFLOP/s, GB/s and ratios of warm times, from what is useful; ~ where time was up before the"
                        + " noise settled.");
        if (report.roofs() != null) {
            out.println(roofs(report.roofs()));
        }
        report.environment().forEach((name, value) -> out.println("  " + name + ": " + value));
    }

    private static String[] cells(BenchReport report, Result result) {
        List<String> cells = new ArrayList<>(List.of(result.op(), size(result.size()), result.candidate()));
        cells.add(samples(result));
        for (Mode mode : Mode.values()) {
            cells.add(time(result.timing(mode)));
            cells.add(noise(result.timing(mode)));
        }
        cells.add(micros(result.callSeconds()));
        cells.add(result.counted().flops() == 0 ? "" : number(BenchReport.flops(result, Mode.WARM) / 1e9));
        cells.add(number(BenchReport.bandwidth(result, Mode.WARM) / 1e9));
        cells.add(percent(report.roof(result, Mode.COLD)));
        cells.add(percent(report.roof(result, Mode.WARM)));
        cells.add(ratio(report.toBest(result, Role.PEER, Mode.WARM)));
        cells.add(ratio(report.toBest(result, Role.BASELINE, Mode.WARM)));
        cells.add(speedup(result.speedup()));
        return cells.toArray(String[]::new);
    }

    /** How many there are of each mode, or why there are none. */
    private static String samples(Result result) {
        String counts = Stream.of(Mode.values())
                .map(result::timing)
                .filter(Objects::nonNull)
                .map(timing -> Integer.toString(timing.summary().samples()))
                .collect(Collectors.joining("+"));
        return counts.isEmpty() ? state(result) : counts;
    }

    private static String state(Result result) {
        return result.verdict().state().name().toLowerCase(Locale.ROOT);
    }

    /** Such as 64 x 300x784 b128 5 %, the last being the share of the weights that is left or stored. */
    private static String size(Size size) {
        String members = size.members() == 1 ? "" : size.members() + " x ";
        String weights = size.sparsity() > 0
                ? String.format(Locale.ROOT, " %s %%", trimmed(100 * (1 - size.sparsity())))
                : size.compression() > 1 ? " 1/" + size.compression() : "";
        return members + size.outputs() + "x" + size.inputs() + " b" + size.batch() + weights;
    }

    private static String trimmed(double value) {
        return String.format(Locale.ROOT, "%.1f", value).replaceFirst("\\.0$", "");
    }

    private static String time(Timing timing) {
        return timing == null
                ? ""
                : (timing.reason() == Reason.TIMEOUT ? "~" : "")
                        + micros(timing.summary().median());
    }

    private static String noise(Timing timing) {
        return timing == null || timing.summary().samples() < 2
                ? ""
                : String.format(Locale.ROOT, "%.1f%%", 100 * timing.summary().noise());
    }

    private static String micros(double seconds) {
        return number(1e6 * seconds);
    }

    /** Three digits at least; nothing for what is not a number. */
    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
    }

    private static String percent(double share) {
        return Double.isNaN(share) ? "" : String.format(Locale.ROOT, "%.0f%%", 100 * share);
    }

    private static String ratio(double ratio) {
        return Double.isNaN(ratio) ? "" : String.format(Locale.ROOT, "%.2f", ratio);
    }

    /** Median and quartiles. */
    private static String speedup(Summary speedup) {
        return speedup == null
                ? ""
                : String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", speedup.median(), speedup.q1(), speedup.q3());
    }

    private static String roofs(Roofs roofs) {
        String tensor =
                Double.isNaN(roofs.tf32()) ? "" : String.format(Locale.ROOT, "%.0f in TF32, ", roofs.tf32() / 1e9);
        return String.format(
                Locale.ROOT,
                "Roofs, measured: %.0f GFLOP/s in float32, %s%.0f GB/s of memory, %.0f GB/s of cache.",
                roofs.fp32() / 1e9,
                tensor,
                roofs.memory() / 1e9,
                roofs.cache() / 1e9);
    }

    /** Whether something of ours became slower. */
    private boolean printChanges(BenchReport then, BenchReport now, double threshold) {
        Comparison comparison = Comparison.of(then, now, threshold);
        String device = then.environment().getOrDefault("device", "an unknown device");
        out.println("Compared with what commit " + then.environment().getOrDefault("git_commit", "unknown") + " did on "
                + device + (comparison.isOfOneDevice() ? ":" : ", which is another device and judges nothing here:"));
        TextTable table = new TextTable(LEFT, "op", "size", "candidate", "of", "before", "now", "ratio", "");
        for (Label label : Label.values()) {
            List<Change> changes = comparison.changes().stream()
                    .filter(change -> change.label() == label)
                    .toList();
            if (label != Label.SAME) {
                changes.forEach(change -> table.row(change(change)));
            }
            if (!changes.isEmpty()) {
                out.println("  " + changes.size() + " " + label.name().toLowerCase(Locale.ROOT));
            }
        }
        table.print(out);
        return comparison.isRegression();
    }

    private static String[] change(Change change) {
        return new String[] {
            change.result().op(),
            size(change.result().size()),
            change.result().candidate(),
            change.ofSpeedups() ? "speedup" : change.mode().name().toLowerCase(Locale.ROOT) + " us",
            change.before() == null ? "" : value(change, change.before()),
            change.after() == null ? "" : value(change, change.after()),
            ratio(change.ratio()),
            change.label().name().toLowerCase(Locale.ROOT)
        };
    }

    private static String value(Change change, Summary summary) {
        return change.ofSpeedups() ? ratio(summary.median()) : micros(summary.median());
    }
}
