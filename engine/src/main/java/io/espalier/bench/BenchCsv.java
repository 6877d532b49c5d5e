package io.espalier.bench;

import static io.espalier.run.Csv.number;
import static io.espalier.run.Csv.quoted;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** A report as a table that other programs read: a row for every candidate, times in microseconds, nothing where there is none. */
public final class BenchCsv {
    private static final List<String> TIMES =
            List.of("samples", "repeats", "median_us", "p10_us", "p90_us", "min_us", "noise", "stopped", "throttled");

    private BenchCsv() {}

    /** The first line. */
    public static String header() {
        List<String> names = new ArrayList<>(List.of(
                "op",
                "outputs",
                "inputs",
                "batch",
                "members",
                "sparsity",
                "compression",
                "candidate",
                "role",
                "precision",
                "state",
                "error_over_bound",
                "compared"));
        for (Mode mode : Mode.values()) {
            TIMES.forEach(name -> names.add(mode.name().toLowerCase(Locale.ROOT) + "_" + name));
        }
        names.addAll(List.of(
                "call_us",
                "useful_gflop",
                "useful_mb",
                "issued_gflop",
                "issued_mb",
                "cold_gflops",
                "warm_gflops",
                "cold_gbytes",
                "warm_gbytes",
                "cold_roof_percent",
                "warm_roof_percent",
                "cold_to_best_peer",
                "warm_to_best_peer",
                "cold_to_best_baseline",
                "warm_to_best_baseline",
                "reason",
                "speedup_median",
                "speedup_q1",
                "speedup_q3"));
        return String.join(",", names);
    }

    /** Header and rows. */
    public static String text(BenchReport report) {
        StringBuilder text = new StringBuilder(header()).append('\n');
        report.results().forEach(result -> text.append(String.join(",", row(report, result)))
                .append('\n'));
        return text.toString();
    }

    private static List<String> row(BenchReport report, Result result) {
        Size size = result.size();
        List<String> cells = new ArrayList<>(List.of(
                quoted(result.op()),
                Integer.toString(size.outputs()),
                Integer.toString(size.inputs()),
                Integer.toString(size.batch()),
                Integer.toString(size.members()),
                number(size.sparsity(), 4),
                Integer.toString(size.compression()),
                quoted(result.candidate()),
                word(result.role()),
                word(result.precision()),
                word(result.verdict().state()),
                number(result.verdict().worst(), 4),
                Long.toString(result.verdict().compared())));
        for (Mode mode : Mode.values()) {
            cells.addAll(times(result.timing(mode)));
        }
        cells.addAll(List.of(
                number(1e6 * result.callSeconds(), 3),
                number(result.useful().flops() / 1e9, 6),
                number(result.useful().bytes() / 1e6, 6),
                number(result.issued().flops() / 1e9, 6),
                number(result.issued().bytes() / 1e6, 6)));
        for (Mode mode : Mode.values()) {
            cells.add(number(BenchReport.flops(result, mode) / 1e9, 2));
        }
        for (Mode mode : Mode.values()) {
            cells.add(number(BenchReport.bandwidth(result, mode) / 1e9, 2));
        }
        for (Mode mode : Mode.values()) {
            cells.add(number(100 * report.roof(result, mode), 2));
        }
        for (Role role : List.of(Role.PEER, Role.BASELINE)) {
            for (Mode mode : Mode.values()) {
                cells.add(number(report.toBest(result, role, mode), 4));
            }
        }
        cells.add(quoted(result.verdict().reason()));
        Summary speedup = result.speedup();
        cells.addAll(
                speedup == null
                        ? List.of("", "", "")
                        : List.of(number(speedup.median(), 4), number(speedup.q1(), 4), number(speedup.q3(), 4)));
        return cells;
    }

    private static List<String> times(Timing timing) {
        if (timing == null) {
            return Collections.nCopies(TIMES.size(), "");
        }
        Summary summary = timing.summary();
        return List.of(
                Integer.toString(summary.samples()),
                Integer.toString(timing.repeats()),
                number(1e6 * summary.median(), 3),
                number(1e6 * summary.p10(), 3),
                number(1e6 * summary.p90(), 3),
                number(1e6 * summary.min(), 3),
                number(summary.samples() < 2 ? Double.NaN : summary.noise(), 4),
                word(timing.reason()),
                Integer.toString(timing.throttled()));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
