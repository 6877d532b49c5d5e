package io.espalier.experiments.report;

import io.espalier.run.AtomicFiles;
import io.espalier.run.Csv;
import io.espalier.run.ResultTable;
import io.espalier.run.ResultTable.Summary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Every two methods at every ratio, paired by seed: {@code comparisons.csv}. */
final class Comparisons {
    private static final String HEADER = "ratio_target,method,other,n,difference_mean,ci95_low,ci95_high,p,p_holm";

    private final Map<String, List<PairedDifference>> byRatio = new LinkedHashMap<>();
    private final Map<String, String> best = new LinkedHashMap<>();

    private Comparisons() {}

    static Comparisons of(ResultTable table) {
        Comparisons comparisons = new Comparisons();
        Map<String, List<Summary>> byRatio = table.summaries().stream()
                .filter(row -> row.n() > 0)
                .collect(Collectors.groupingBy(Summary::ratioTarget, LinkedHashMap::new, Collectors.toList()));
        byRatio.forEach((ratio, rows) -> comparisons.add(table, ratio, rows));
        return comparisons;
    }

    private void add(ResultTable table, String ratio, List<Summary> rows) {
        List<PairedDifference> pairs = new ArrayList<>();
        Summary lowest = rows.get(0);
        for (Summary row : rows) {
            lowest = row.testError().mean() < lowest.testError().mean() ? row : lowest;
            for (Summary other : rows.subList(rows.indexOf(row) + 1, rows.size())) {
                pairs.add(PairedDifference.of(
                        row.method(),
                        other.method(),
                        ratio,
                        table.testErrors(row.method(), ratio),
                        table.testErrors(other.method(), ratio)));
            }
        }
        byRatio.put(ratio, bothWays(rows, PairedDifference.corrected(pairs)));
        best.put(ratio, lowest.method());
    }

    private static List<PairedDifference> bothWays(List<Summary> rows, List<PairedDifference> once) {
        return rows.stream()
                .flatMap(row -> once.stream()
                        .filter(pair -> pair.method().equals(row.method())
                                || pair.other().equals(row.method()))
                        .map(pair -> pair.method().equals(row.method()) ? pair : pair.turned()))
                .toList();
    }

    /** Each method against the one with the lowest mean error at its ratio, that one itself left out. */
    List<PairedDifference> againstBest() {
        return byRatio.entrySet().stream()
                .flatMap(entry ->
                        entry.getValue().stream().filter(pair -> pair.other().equals(best.get(entry.getKey()))))
                .toList();
    }

    /**
     * Who beats whom: what the correction leaves, and nothing else.
     *
     * @param beaten those that err more than the method at the ratio
     */
    record Claim(String ratio, String method, List<String> beaten) {}

    /** Ratio by ratio, methods in plan order. */
    List<Claim> claims() {
        Map<List<String>, List<String>> beaten = new LinkedHashMap<>();
        byRatio.forEach((ratio, pairs) -> pairs.stream()
                .map(PairedDifference::turned)
                .filter(PairedDifference::isMore)
                .forEach(pair -> beaten.computeIfAbsent(List.of(ratio, pair.other()), any -> new ArrayList<>())
                        .add(pair.method())));
        return beaten.entrySet().stream()
                .map(claim -> new Claim(claim.getKey().get(0), claim.getKey().get(1), claim.getValue()))
                .sorted(Comparator.comparingDouble(claim -> Double.parseDouble(claim.ratio())))
                .toList();
    }

    void write(Path run) throws IOException {
        StringBuilder csv = new StringBuilder(HEADER).append('\n');
        for (List<PairedDifference> pairs : byRatio.values()) {
            for (PairedDifference pair : pairs) {
                csv.append(String.join(
                                ",",
                                pair.ratio(),
                                Csv.quoted(pair.method()),
                                Csv.quoted(pair.other()),
                                Integer.toString(pair.n()),
                                Csv.number(pair.mean(), 4),
                                Csv.number(pair.low(), 4),
                                Csv.number(pair.high(), 4),
                                Csv.number(pair.p(), 6),
                                Csv.number(pair.holm(), 6)))
                        .append('\n');
            }
        }
        AtomicFiles.write(run.resolve("comparisons.csv"), csv.toString());
    }
}
