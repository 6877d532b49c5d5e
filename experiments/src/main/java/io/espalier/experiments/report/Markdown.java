package io.espalier.experiments.report;

import io.espalier.run.ResultTable.Summary;
import java.util.List;
import java.util.Locale;

/** A report as text that repositories and papers' appendices show. */
final class Markdown {
    private Markdown() {}

    static String of(ReportData data) {
        StringBuilder text = new StringBuilder("# " + data.study() + "\n\n");
        text.append(data.question()).append("\n\n").append(data.answer()).append("\n\n## Results\n\n");
        text.append(
                "Test errors in percent: mean, sample standard deviation, Student's 95 % interval of the mean.\n\n");
        row(
                text,
                List.of("method", "ratio", "n", "test error", "sd", "95 %", "bytes", "speed-up", "epochs", "train s"));
        row(text, List.of("---", "---:", "---:", "---:", "---:", "---:", "---:", "---:", "---:", "---:"));
        for (Summary summary : data.table().summaries()) {
            double mean = summary.testError().mean();
            Interval interval = Interval.of(mean, summary.testError().sd(), summary.n());
            row(
                    text,
                    List.of(
                            summary.method(),
                            summary.n() == 0 ? summary.ratioTarget() : number(summary.ratio(), 2),
                            Integer.toString(summary.n()),
                            number(mean, 2),
                            number(summary.testError().sd(), 2),
                            Double.isNaN(interval.low())
                                    ? "–"
                                    : number(interval.low(), 2) + " to " + number(interval.high(), 2),
                            number(summary.storedBytes(), 0),
                            number(data.speedUp(summary), 1),
                            number(summary.epochs(), 1),
                            number(summary.trainSeconds(), 1)));
        }
        text.append("\n## Who beats whom\n\nPaired by seed, corrected for all pairs at a ratio (Holm, 5 %).\n\n");
        List<Comparisons.Claim> claims = data.comparisons().claims();
        for (Comparisons.Claim claim : claims) {
            text.append("* At ")
                    .append(claim.ratio())
                    .append("x ")
                    .append(claim.method())
                    .append(" errs less than ")
                    .append(String.join(", ", claim.beaten()))
                    .append(".\n");
        }
        text.append(claims.isEmpty() ? "Nobody, for certain.\n" : "");
        text.append("\n## What Blalock et al. 2020 ask for\n\n");
        data.checklist().forEach(item -> text.append(item.met() ? "* [x] " : "* [ ] ")
                .append(item.what())
                .append(": ")
                .append(item.found())
                .append('\n'));
        return text.toString();
    }

    private static void row(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static String number(double value, int decimals) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
