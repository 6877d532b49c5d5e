package io.espalier.experiments.cli;

import io.espalier.experiments.report.CheckText;
import io.espalier.run.ResultTable;
import io.espalier.run.ResultTable.Statistic;
import io.espalier.run.ResultTable.Summary;
import io.espalier.run.TuningTable;
import io.espalier.study.Plan;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;

/** The summary of a run as people read it. */
final class SummaryText {
    private SummaryText() {}

    static void print(Plan plan, ResultTable table, TuningTable tuning, Path run, PrintWriter out) {
        out.println(plan.study().name() + ": " + plan.study().data().source().name() + ", "
                + plan.study().network() + ", " + plan.study().network().parameters() + " parameters");
        if (!plan.study().question().isEmpty()) {
            out.println(plan.study().question());
        }
        out.println();
        TextTable text = new TextTable(
                1, "method", "ratio", "n", "test error %", "sd", "valid. %", "train %", "bytes", "epochs", "train s");
        for (Summary row : table.summaries()) {
            text.row(
                    row.method() + (row.diverged() > 0 ? " (" + row.diverged() + " diverged)" : ""),
                    row.n() == 0 ? row.ratioTarget() : number(row.ratio(), 2),
                    Integer.toString(row.n()),
                    number(row.testError().mean(), 2),
                    deviation(row.testError()),
                    number(row.validationError().mean(), 2),
                    number(row.trainError().mean(), 2),
                    number(row.storedBytes(), 0),
                    number(row.epochs(), 1),
                    number(row.trainSeconds(), 1));
        }
        text.print(out);
        out.println();
        for (TuningTable.Line line : tuning.lines()) {
            if (line.chosen() && !line.score().label().isEmpty()) {
                out.println("Chosen for " + line.method()
                        + (line.ratio().isEmpty() ? "" : " at " + line.ratio() + "x") + ": "
                        + line.score().label() + " (validation error "
                        + number(line.score().validationError().mean(), 2) + " %)");
            }
        }
        if (table.check().parity().calls() > 0) {
            out.println(CheckText.of(table.check()));
        }
        out.println(table.finished() + " of " + plan.trials().size() + " trials done"
                + (table.diverged() > 0 ? ", " + table.diverged() + " of them diverged" : "") + ". Results: "
                + run.resolve("results.csv") + ", " + run.resolve("report.html"));
        out.flush();
    }

    private static String deviation(Statistic statistic) {
        return Double.isNaN(statistic.sd()) ? "-" : number(statistic.sd(), 2);
    }

    private static String number(double value, int decimals) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
