package io.espalier.experiments.report;

import io.espalier.run.ResultTable;
import io.espalier.run.ResultTable.Summary;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What the numbers say, in one computed sentence; a difference is not called one without its spread. */
final class Answer {
    private Answer() {}

    static String of(ResultTable table, Comparisons comparisons) {
        Map<String, List<Summary>> byRatio = table.summaries().stream()
                .filter(row -> row.n() > 0)
                .collect(Collectors.groupingBy(Summary::ratioTarget, LinkedHashMap::new, Collectors.toList()));
        return byRatio.entrySet().stream()
                .filter(ratio -> ratio.getValue().size() > 1)
                .max(Comparator.comparingDouble(ratio -> Double.parseDouble(ratio.getKey())))
                .map(ratio -> sentence(ratio.getKey(), ratio.getValue(), comparisons))
                .orElse("No two methods have been measured at one ratio yet.");
    }

    private static String sentence(String ratio, List<Summary> rows, Comparisons comparisons) {
        List<Summary> ranked = rows.stream()
                .sorted(Comparator.comparingDouble(row -> row.testError().mean()))
                .toList();
        return "At the largest ratio that several methods reached, " + ratio
                + "x, the lowest mean test error is that of " + described(ranked.get(0)) + ", followed by "
                + described(ranked.get(1)) + "."
                + comparisons.againstBest().stream()
                        .filter(pair -> pair.ratio().equals(ratio)
                                && pair.method().equals(ranked.get(1).method())
                                && !Double.isNaN(pair.low()))
                        .findFirst()
                        .map(Answer::apart)
                        .orElse("")
                + claims(
                        comparisons.againstBest().stream()
                                .filter(pair -> pair.ratio().equals(ratio) && !Double.isNaN(pair.holm()))
                                .toList(),
                        rows.size());
    }

    /** Whom the first beats even if all pairs are asked about. */
    private static String claims(List<PairedDifference> others, int methods) {
        if (others.isEmpty()) {
            return "";
        }
        String all = " Corrected for all " + methods * (methods - 1) / 2
                + " pairs at this ratio (Holm, 5 %), the first errs less than ";
        List<String> beaten = others.stream()
                .filter(PairedDifference::holds)
                .map(PairedDifference::method)
                .toList();
        return beaten.isEmpty() ? all + "none of them for certain." : all + String.join(", ", beaten) + ".";
    }

    private static String apart(PairedDifference pair) {
        return String.format(
                Locale.ROOT,
                " Paired by seed the second errs %.2f points more, 95 %% interval %.2f to %.2f%s.",
                pair.mean(),
                pair.low(),
                pair.high(),
                pair.isClear() ? "" : ": these seeds do not tell them apart");
    }

    private static String described(Summary row) {
        String spread = Double.isNaN(row.testError().sd())
                ? ""
                : String.format(Locale.ROOT, ", sd %.2f", row.testError().sd());
        return String.format(
                Locale.ROOT,
                "%s: %.2f %% (n = %d%s)",
                row.method(),
                row.testError().mean(),
                row.n(),
                spread);
    }
}
