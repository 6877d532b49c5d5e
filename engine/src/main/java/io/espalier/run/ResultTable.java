package io.espalier.run;

import io.espalier.random.Seed;
import io.espalier.run.TrialResult.Row;
import io.espalier.study.Plan;
import io.espalier.study.Trial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** The results of a run as tables, derived from the {@code result.json} files alone. */
public final class ResultTable {
    private static final String RESULTS_HEADER =
            "study,trial,dataset,network,method,ratio_target,ratio,stored_parameters,"
                    + "stored_bytes,file_bytes,sparsity,seed,epochs,test_error,validation_error,train_error,train_seconds,cohort_size,"
                    + "gpu_seconds,inference_us_b1,inference_us_b128,inference_memory_bytes,multiply_adds,early_stop_step,"
                    + "backend,status";
    private static final String SUMMARY_HEADER =
            "method,ratio_target,n,test_error_mean,test_error_sd,validation_error_mean,"
                    + "validation_error_sd,train_error_mean,ratio_mean,stored_bytes_mean,file_bytes_mean,epochs_mean,train_seconds_mean,diverged";

    private final Plan plan;
    private final InferenceTable inference;
    private final Map<Trial, TrialResult> results = new LinkedHashMap<>();

    private ResultTable(Plan plan, InferenceTable inference) {
        this.plan = plan;
        this.inference = inference;
    }

    /** Reads what is there of a plan. */
    public static ResultTable of(Path run, Plan plan) {
        ResultTable table = new ResultTable(plan, InferenceTable.read(run));
        for (Trial trial : plan.trials()) {
            Optional<TrialResult> result = RunDirectory.readResult(run, trial);
            result.ifPresent(value -> table.results.put(trial, value));
        }
        return table;
    }

    /** Writes {@code results.csv} and {@code summary.csv}. */
    public void write(Path run) throws IOException {
        AtomicFiles.write(run.resolve("results.csv"), resultsCsv());
        AtomicFiles.write(run.resolve("summary.csv"), summaryCsv());
    }

    /** The result of a trial, if it is over. */
    public Optional<TrialResult> result(Trial trial) {
        return Optional.ofNullable(results.get(trial));
    }

    /** Trials that are over. */
    public int finished() {
        return results.size();
    }

    /** Trials that diverged. */
    public int diverged() {
        return (int) results.values().stream()
                .filter(result -> result.status().equals(TrialResult.DIVERGED))
                .count();
    }

    /** What checking found, over all trials that were checked; nothing compared if none was. */
    public CheckResult check() {
        return results.values().stream()
                .map(TrialResult::check)
                .filter(result -> result != null)
                .reduce(CheckResult.NONE, CheckResult::plus);
    }

    /**
     * One method at one ratio over the seeds. Standard deviations are those of a sample, NaN for fewer than two.
     *
     * @param n readouts that the means are over
     * @param diverged trials left out because they diverged before this ratio
     */
    public record Summary(
            String method,
            String ratioTarget,
            int n,
            Statistic testError,
            Statistic validationError,
            Statistic trainError,
            double ratio,
            double storedBytes,
            double fileBytes,
            double epochs,
            double trainSeconds,
            int diverged) {}

    /** Mean and sample standard deviation. */
    public record Statistic(double mean, double sd) {
        static Statistic of(double[] values) {
            double mean = java.util.Arrays.stream(values).average().orElse(Double.NaN);
            double squares = 0;
            for (double value : values) {
                squares += (value - mean) * (value - mean);
            }
            return new Statistic(mean, values.length < 2 ? Double.NaN : Math.sqrt(squares / (values.length - 1)));
        }
    }

    /** Test errors of a method at a ratio, in percent, by seed: what pairs methods with each other. */
    public Map<Seed, Double> testErrors(String method, String ratioTarget) {
        Map<Seed, Double> errors = new LinkedHashMap<>();
        for (Trial trial : plan.results()) {
            TrialResult result = results.get(trial);
            if (result != null && trial.method().equals(method)) {
                result.rows().stream()
                        .filter(row -> row.ratioTarget().equals(ratioTarget))
                        .forEach(row -> errors.put(trial.seed(), row.testError()));
            }
        }
        return errors;
    }

    /** In plan order: methods as first met, their ratios ascending. */
    public List<Summary> summaries() {
        Map<List<String>, List<Row>> cells = new LinkedHashMap<>();
        Map<List<String>, Integer> diverged = new LinkedHashMap<>();
        for (Trial trial : plan.results()) {
            TrialResult result = results.get(trial);
            if (result == null) {
                continue;
            }
            trial.ratios().forEach(ratio -> {
                List<String> cell = List.of(trial.method(), ratio.toString());
                List<Row> rows = cells.computeIfAbsent(cell, key -> new ArrayList<>());
                result.row(ratio).ifPresentOrElse(rows::add, () -> diverged.merge(cell, 1, Integer::sum));
            });
        }
        List<Summary> summaries = new ArrayList<>();
        cells.forEach((cell, rows) -> summaries.add(summary(cell, rows, diverged.getOrDefault(cell, 0))));
        return summaries;
    }

    private static Summary summary(List<String> cell, List<Row> rows, int diverged) {
        return new Summary(
                cell.get(0),
                cell.get(1),
                rows.size(),
                Statistic.of(rows.stream().mapToDouble(Row::testError).toArray()),
                errors(rows, Row::validationError),
                errors(rows, Row::trainError),
                rows.stream().mapToDouble(Row::ratio).average().orElse(Double.NaN),
                rows.stream().mapToDouble(Row::storedBytes).average().orElse(Double.NaN),
                rows.stream().mapToDouble(Row::fileBytes).average().orElse(Double.NaN),
                rows.stream().mapToDouble(Row::epochs).average().orElse(Double.NaN),
                rows.stream().mapToDouble(Row::trainSeconds).average().orElse(Double.NaN),
                diverged);
    }

    /** Of the rows that have them. */
    private static Statistic errors(List<Row> rows, Function<Row, Double> error) {
        return Statistic.of(rows.stream()
                .map(error)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .toArray());
    }

    /** {@code results.csv}. */
    public String resultsCsv() {
        StringBuilder csv = new StringBuilder(RESULTS_HEADER).append('\n');
        plan.results().stream().filter(results::containsKey).forEach(trial -> {
            TrialResult result = results.get(trial);
            for (Row row : result.rows()) {
                line(csv, trial, result, row);
            }
            if (result.rows().size() < trial.ratios().size()) {
                String missing = trial.ratios().get(result.rows().size()).toString();
                line(
                        csv,
                        trial,
                        result,
                        new Row(
                                missing,
                                List.of(),
                                Double.NaN,
                                0,
                                0,
                                0,
                                Double.NaN,
                                result.epochs(),
                                0,
                                null,
                                null,
                                null,
                                null,
                                null,
                                Double.NaN));
            }
        });
        return csv.toString();
    }

    private void line(StringBuilder csv, Trial trial, TrialResult result, Row row) {
        boolean measured = row.testError() != null;
        Optional<InferenceTable.Speed> speed = inference.of(trial.id(), row.ratioTarget());
        List<String> cells = List.of(
                Csv.quoted(plan.study().name()),
                trial.id().value(),
                Csv.quoted(trial.data().source().name()),
                row.shape(trial.network()).toString(),
                Csv.quoted(trial.method()),
                row.ratioTarget(),
                Csv.number(row.ratio(), 4),
                measured ? Integer.toString(row.storedParameters()) : "",
                measured ? Long.toString(row.storedBytes()) : "",
                measured ? Long.toString(row.fileBytes()) : "",
                Csv.number(row.sparsity(), 6),
                trial.seed().toString(),
                Csv.number(row.epochs(), 3),
                measured ? Csv.number(row.testError(), 4) : "",
                row.validationError() == null ? "" : Csv.number(row.validationError(), 4),
                row.trainError() == null ? "" : Csv.number(row.trainError(), 4),
                Csv.number(row.trainSeconds(), 3),
                Integer.toString(result.cohortSize()),
                "",
                speed.map(value -> Csv.number(value.microsecondsOfOne(), 2)).orElse(""),
                speed.map(value -> Csv.number(value.microsecondsOfBatch(), 2)).orElse(""),
                speed.map(value -> Long.toString(value.memoryBytes())).orElse(""),
                speed.map(value -> Long.toString(value.multiplyAdds())).orElse(""),
                row.earlyStopStep() == null ? "" : row.earlyStopStep().toString(),
                result.backend(),
                measured ? TrialResult.DONE : result.status());
        csv.append(String.join(",", cells)).append('\n');
    }

    private String summaryCsv() {
        StringBuilder csv = new StringBuilder(SUMMARY_HEADER).append('\n');
        for (Summary row : summaries()) {
            csv.append(String.join(
                            ",",
                            Csv.quoted(row.method),
                            row.ratioTarget,
                            Integer.toString(row.n),
                            Csv.number(row.testError.mean, 4),
                            Csv.number(row.testError.sd, 4),
                            Csv.number(row.validationError.mean, 4),
                            Csv.number(row.validationError.sd, 4),
                            Csv.number(row.trainError.mean, 4),
                            Csv.number(row.ratio, 4),
                            Csv.number(row.storedBytes, 0),
                            Csv.number(row.fileBytes, 0),
                            Csv.number(row.epochs, 3),
                            Csv.number(row.trainSeconds, 3),
                            Integer.toString(row.diverged)))
                    .append('\n');
        }
        return csv.toString();
    }
}
