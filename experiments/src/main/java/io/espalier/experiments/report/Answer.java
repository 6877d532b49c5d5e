package io.espalier.experiments.report;

import io.espalier.run.ResultTable;
import io.espalier.run.ResultTable.Summary;
import io.espalier.study.Study;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The question and what the numbers say to it, each in one sentence; nobody beats anybody whom the tests do not separate. */
final class Answer {
    private Answer() {}

    /** The study's own words, or what its axes ask where it has none. */
    static String question(Study study) {
        return study.question().isEmpty()
                ? "Which of " + study.entries().size() + " methods errs least on "
                        + study.data().source().name() + "?"
                : study.question();
    }

    static String of(ResultTable table, Comparisons comparisons) {
        Map<String, List<Summary>> byRatio = table.summaries().stream()
                .filter(row -> row.n() > 0)
                .collect(Collectors.groupingBy(Summary::ratioTarget, LinkedHashMap::new, Collectors.toList()));
        return byRatio.entrySet().stream()
                .filter(ratio -> ratio.getValue().size() > 1)
                .max(Comparator.comparingDouble(ratio -> Double.parseDouble(ratio.getKey())))
                .map(ratio -> sentence(ratio.getKey(), ratio.getValue(), comparisons))
                .orElseGet(() -> alone(table.summaries()));
    }

    /** No two methods to compare at one ratio: how small a network may be that errs no more than the dense one. */
    private static String alone(List<Summary> summaries) {
        List<Summary> measured = summaries.stream().filter(row -> row.n() > 0).toList();
        return measured.stream()
                .filter(row -> row.ratioTarget().equals("1"))
                .min(Comparator.comparingDouble(row -> row.testError().mean()))
                .flatMap(dense -> measured.stream()
                        .filter(row -> row.ratio() > 1
                                && row.testError().mean() <= dense.testError().mean())
                        .max(Comparator.comparingDouble(Summary::ratio))
                        .map(row ->
                                "The smallest network whose mean test error is not above that of " + described(dense)
                                        + " is " + described(row) + " at " + row.ratioTarget()
                                        + "x; no two methods share a ratio."))
                .orElse("No two methods have been measured at one ratio yet.");
    }

    private static String sentence(String ratio, List<Summary> rows, Comparisons comparisons) {
        Summary best = rows.stream()
                .min(Comparator.comparingDouble(row -> row.testError().mean()))
                .orElseThrow();
        List<PairedDifference> others = comparisons.againstBest().stream()
                .filter(pair -> pair.ratio().equals(ratio))
                .toList();
        String said = "At " + ratio + "x, the largest ratio that several methods reached, " + described(best)
                + " has the lowest mean test error";
        if (others.stream().allMatch(pair -> Double.isNaN(pair.holm()))) {
            return said + ", from too few seeds to say more.";
        }
        List<String> beaten = names(others, true);
        List<String> open = names(others, false);
        if (beaten.isEmpty()) {
            return said + ", but these seeds do not tell it from " + listed(open, "or") + ".";
        }
        return said + " and errs less than " + listed(beaten, "and")
                + (open.isEmpty() ? "" : "; these seeds do not tell it from " + listed(open, "or")) + ".";
    }

    private static List<String> names(List<PairedDifference> pairs, boolean beaten) {
        return pairs.stream()
                .filter(pair -> pair.isMore() == beaten)
                .map(PairedDifference::method)
                .toList();
    }

    private static String listed(List<String> names, String conjunction) {
        int last = names.size() - 1;
        return last == 0
                ? names.get(0)
                : String.join(", ", names.subList(0, last)) + " " + conjunction + " " + names.get(last);
    }

    private static String described(Summary row) {
        String spread = Double.isNaN(row.testError().sd())
                ? ""
                : String.format(Locale.ROOT, " ± %.2f", row.testError().sd());
        return String.format(
                Locale.ROOT,
                "%s (%.2f%s %%, n = %d)",
                row.method(),
                row.testError().mean(),
                spread,
                row.n());
    }
}
