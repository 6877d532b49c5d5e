package io.espalier.experiments.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.run.AtomicFiles;
import io.espalier.run.ResultTable;
import io.espalier.run.ResultTable.Summary;
import io.espalier.run.RunException;
import io.espalier.run.TuningTable;
import io.espalier.study.Plan;
import io.espalier.study.PublishedMark;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** {@code report.html}: one file that opens offline, with the chart library and all data inside. */
public final class ReportPage {
    private static final String TEMPLATE = "/io/espalier/experiments/report/report.html";
    private static final String CHARTS = "/META-INF/resources/webjars/echarts/5.5.0/echarts.min.js";

    private ReportPage() {}

    /** Writes the page of a run from its result files and returns its path. */
    public static Path write(Path run, Plan plan) {
        ResultTable table = ResultTable.of(run, plan);
        TuningTable tuning = TuningTable.of(run, plan);
        Comparisons comparisons = Comparisons.of(table);
        String page = resource(TEMPLATE)
                .replace("{{title}}", escaped(plan.study().name()))
                .replace(
                        "{{data}}",
                        script(data(run, plan, table, tuning, comparisons).toString()))
                .replace("{{charts}}", resource(CHARTS));
        Path file = run.resolve("report.html");
        try {
            table.write(run);
            tuning.write(run);
            comparisons.write(run);
            AtomicFiles.write(file, page);
        } catch (IOException e) {
            throw new RunException(
                    "The report of " + run + " cannot be written: " + e.getMessage()
                            + ". The trials are saved; mend that and run `espalier report " + run + "`.",
                    e);
        }
        return file;
    }

    private static ObjectNode data(
            Path run, Plan plan, ResultTable table, TuningTable tuning, Comparisons comparisons) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("study", plan.study().name());
        data.put("question", plan.study().question());
        data.put("answer", Answer.of(table, comparisons));
        data.put("dataset", plan.study().data().source().name());
        data.put("network", plan.study().network().toString());
        data.put("parameters", plan.study().network().parameters());
        data.put("trials", plan.trials().size());
        data.put("finished", table.finished());
        data.put("diverged", table.diverged());
        for (Summary summary : table.summaries()) {
            ObjectNode row = data.withArray("rows").addObject();
            row.put("method", summary.method())
                    .put("target", summary.ratioTarget())
                    .put("n", summary.n());
            row.put("diverged", summary.diverged());
            number(row, "ratio", summary.ratio());
            number(row, "test", summary.testError().mean());
            number(row, "testSd", summary.testError().sd());
            number(row, "validation", summary.validationError().mean());
            number(row, "train", summary.trainError().mean());
            number(row, "bytes", summary.storedBytes());
            number(row, "file", summary.fileBytes());
            number(row, "epochs", summary.epochs());
            number(row, "seconds", summary.trainSeconds());
        }
        for (PairedDifference pair : comparisons.againstBest()) {
            ObjectNode row = data.withArray("compared").addObject();
            row.put("ratio", pair.ratio())
                    .put("method", pair.method())
                    .put("other", pair.other())
                    .put("n", pair.n())
                    .put("holds", pair.holds());
            number(row, "mean", pair.mean());
            number(row, "low", pair.low());
            number(row, "high", pair.high());
            number(row, "holm", pair.holm());
        }
        for (TuningTable.Line line : tuning.lines()) {
            ObjectNode row = data.withArray("tuning").addObject();
            row.put("method", line.method())
                    .put("ratio", line.ratio())
                    .put("settings", line.score().label())
                    .put("n", line.score().readouts())
                    .put("chosen", line.chosen())
                    .put("refit", line.refitEpochs());
            number(row, "validation", line.score().validationError().mean());
            number(row, "validationSd", line.score().validationError().sd());
        }
        for (PublishedMark mark : plan.study().published()) {
            data.withArray("published")
                    .addObject()
                    .put("source", mark.source())
                    .put("ratio", mark.ratio().value())
                    .put("of", mark.of().name().toLowerCase(Locale.ROOT))
                    .put("test", mark.testError());
        }
        if (table.check().parity().calls() > 0) {
            data.put("check", CheckText.of(table.check()));
        }
        data.put("provenance", text(run.resolve("provenance.json")));
        data.put("file", text(run.resolve("study.yaml")));
        return data;
    }

    private static void number(ObjectNode row, String field, double value) {
        if (!Double.isNaN(value)) {
            row.put(field, value);
        }
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The build lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** JSON that may stand inside a script element, whatever a study's texts contain. */
    private static String script(String json) {
        return json.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029");
    }
}
