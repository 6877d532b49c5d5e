package io.espalier.experiments.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.run.ResultTable;
import io.espalier.run.ResultTable.Summary;
import io.espalier.run.TuningTable;
import io.espalier.study.Plan;
import io.espalier.study.PublishedMark;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Everything that pages, figures and tables about a run show: read from its files, computed once. */
final class ReportData {
    private final Path run;
    private final Plan plan;
    private final ResultTable table;
    private final TuningTable tuning;
    private final Comparisons comparisons;
    private final SavedModels models;
    private final CsvTable results;

    private ReportData(Path run, Plan plan) {
        this.run = run;
        this.plan = plan;
        table = ResultTable.of(run, plan);
        tuning = TuningTable.of(run, plan);
        comparisons = Comparisons.of(table);
        models = SavedModels.of(run, plan, table);
        results = CsvTable.parse(table.resultsCsv());
    }

    static ReportData of(Path run, Plan plan) {
        return new ReportData(run, plan);
    }

    ResultTable table() {
        return table;
    }

    TuningTable tuning() {
        return tuning;
    }

    Comparisons comparisons() {
        return comparisons;
    }

    String study() {
        return plan.study().name();
    }

    String question() {
        return Answer.question(plan.study());
    }

    String answer() {
        return Answer.of(table, comparisons);
    }

    List<Checklist.Item> checklist() {
        return Checklist.of(plan.study(), table.summaries(), models);
    }

    double speedUp(Summary row) {
        return models.speedUp(row.method(), row.ratioTarget());
    }

    /** What {@code charts.js} and {@code report.js} draw. */
    ObjectNode toJson() {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("study", study())
                .put("question", question())
                .put("answer", answer())
                .put("dataset", plan.study().data().source().name())
                .put("network", plan.study().network().toString())
                .put("parameters", plan.study().network().parameters())
                .put("trials", plan.trials().size())
                .put("finished", table.finished())
                .put("diverged", table.diverged())
                .put("check", table.check().parity().calls() > 0 ? CheckText.of(table.check()) : "")
                .put("provenance", ReportPage.text(run.resolve("provenance.json")))
                .put("file", ReportPage.text(run.resolve("study.yaml")));
        rows(data.putArray("rows"));
        claims(data.putArray("claims"));
        compared(data.putArray("compared"));
        checklist(data.putArray("checklist"));
        tuning(data.putArray("tuning"));
        published(data.putArray("published"));
        curves(data.putArray("curves"));
        densities(data.putArray("densities"));
        agreement(data.putObject("agreement"));
        return data;
    }

    private void rows(ArrayNode rows) {
        for (Summary summary : table.summaries()) {
            ObjectNode row = rows.addObject();
            row.put("method", summary.method())
                    .put("target", summary.ratioTarget())
                    .put("n", summary.n())
                    .put("diverged", summary.diverged());
            Interval interval =
                    Interval.of(summary.testError().mean(), summary.testError().sd(), summary.n());
            number(row, "ratio", summary.ratio());
            number(row, "test", summary.testError().mean());
            number(row, "sd", summary.testError().sd());
            number(row, "low", interval.low());
            number(row, "high", interval.high());
            number(row, "validation", summary.validationError().mean());
            number(row, "train", summary.trainError().mean());
            number(row, "bytes", summary.storedBytes());
            number(row, "file", summary.fileBytes());
            number(row, "epochs", summary.epochs());
            number(row, "seconds", summary.trainSeconds());
            number(row, "speedUp", speedUp(summary));
            inference(summary).ifPresent(microseconds -> row.put("inference", microseconds));
        }
    }

    /** Microseconds for a batch of 128, where they have been measured. */
    private OptionalDouble inference(Summary summary) {
        return results.rows().stream()
                .filter(row -> row.get("method").equals(summary.method())
                        && row.get("ratio_target").equals(summary.ratioTarget())
                        && !row.get("inference_us_b128").isEmpty())
                .mapToDouble(row -> Double.parseDouble(row.get("inference_us_b128")))
                .average();
    }

    private void claims(ArrayNode rows) {
        for (Comparisons.Claim claim : comparisons.claims()) {
            ObjectNode row = rows.addObject().put("ratio", claim.ratio()).put("method", claim.method());
            claim.beaten().forEach(row.putArray("beaten")::add);
        }
    }

    private void compared(ArrayNode rows) {
        for (PairedDifference pair : comparisons.againstBest()) {
            ObjectNode row = rows.addObject();
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
    }

    private void checklist(ArrayNode rows) {
        for (Checklist.Item item : checklist()) {
            rows.addObject().put("what", item.what()).put("met", item.met()).put("found", item.found());
        }
    }

    private void tuning(ArrayNode rows) {
        for (TuningTable.Line line : tuning.lines()) {
            ObjectNode row = rows.addObject();
            row.put("method", line.method())
                    .put("ratio", line.ratio())
                    .put("settings", line.score().label())
                    .put("n", line.score().readouts())
                    .put("chosen", line.chosen())
                    .put("refit", line.refitEpochs());
            number(row, "validation", line.score().validationError().mean());
            number(row, "sd", line.score().validationError().sd());
        }
    }

    private void published(ArrayNode rows) {
        for (PublishedMark mark : plan.study().published()) {
            rows.addObject()
                    .put("source", mark.source())
                    .put("ratio", mark.ratio().value())
                    .put("of", mark.of().name().toLowerCase(Locale.ROOT))
                    .put("test", mark.testError());
        }
    }

    /** Validation errors where there are any, else training losses. */
    private void curves(ArrayNode rows) {
        for (LearningCurve curve : LearningCurve.of(run, plan)) {
            boolean validated = curve.points().stream().noneMatch(point -> Double.isNaN(point.validationError()));
            ObjectNode row = rows.addObject()
                    .put("method", curve.method())
                    .put("seed", curve.seed().toString())
                    .put("validated", validated);
            curve.ratios().forEach(ratio -> row.withArray("ratios").add(ratio.toString()));
            ArrayNode points = row.putArray("points");
            ArrayNode cuts = row.putArray("cuts");
            for (LearningCurve.Point point : curve.points()) {
                if (point.cut()) {
                    cuts.add(points.size());
                }
                points.addArray()
                        .add(shortened(point.epoch()))
                        .add(shortened(validated ? point.validationError() : point.trainLoss()));
            }
        }
    }

    private void densities(ArrayNode rows) {
        models.densities().forEach((cell, layers) -> {
            ObjectNode row = rows.addObject().put("method", cell.method()).put("ratio", cell.ratio());
            for (double layer : layers) {
                row.withArray("layers").add(shortened(layer));
            }
        });
    }

    private void agreement(ObjectNode agreement) {
        List<String> methods = models.agreement().methods();
        methods.forEach(agreement.putArray("methods")::add);
        ArrayNode cells = agreement.putArray("cells");
        for (int i = 0; i < methods.size(); i++) {
            for (int j = 0; j < i; j++) {
                double value = models.agreement().between(methods.get(i), methods.get(j));
                if (!Double.isNaN(value)) {
                    cells.addArray().add(j).add(i).add(shortened(value));
                }
            }
        }
    }

    /** Four digits are more than a pixel. */
    private static double shortened(double value) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.4g", value));
    }

    private static void number(ObjectNode row, String field, double value) {
        if (!Double.isNaN(value)) {
            row.put(field, value);
        }
    }
}
