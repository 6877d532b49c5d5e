package io.espalier.experiments.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.espalier.compress.CompressionRatio;
import io.espalier.random.Seed;
import io.espalier.run.RunException;
import io.espalier.study.Plan;
import io.espalier.study.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a trial learned, from initialisation on: what it starts from comes first. From {@code metrics.jsonl}, one point an epoch.
 *
 * @param ratios where the trial is read out
 * @param points in the order of time, thinned to about {@value #MOST}; cuts and the last are always there
 */
record LearningCurve(String method, Seed seed, List<CompressionRatio> ratios, List<Point> points) {
    private static final int MOST = 150;
    private static final ObjectReader JSON = JsonMapper.builder().build().reader();

    /**
     * @param epoch from initialisation
     * @param validationError percent; NaN without a validation part
     * @param alive weights
     */
    private record Epoch(double epoch, double trainLoss, double validationError, long alive) {}

    /** @param cut whether weights went since the epoch before */
    record Point(double epoch, double trainLoss, double validationError, boolean cut) {}

    /** Of every trial with results, in plan order; a trial without an epoch of its own or of its parents' gives none. */
    static List<LearningCurve> of(Path run, Plan plan) {
        List<LearningCurve> curves = new ArrayList<>();
        for (Trial trial : plan.results()) {
            List<Point> points = thinned(epochs(run, plan, trial));
            if (!points.isEmpty()) {
                curves.add(new LearningCurve(trial.method(), trial.seed(), trial.ratios(), points));
            }
        }
        return curves;
    }

    /** A teacher's epochs are not its pupil's. */
    private static List<Epoch> epochs(Path run, Plan plan, Trial trial) {
        boolean fromScratch =
                trial.program().start().isPresent() && !trial.program().inherits();
        Optional<Trial> parent = fromScratch ? Optional.empty() : trial.parent().map(plan::trial);
        List<Epoch> epochs = parent.map(before -> epochs(run, plan, before)).orElseGet(ArrayList::new);
        Path file = run.resolve("trials").resolve(trial.id().value()).resolve("metrics.jsonl");
        if (Files.exists(file)) {
            read(file, epochs);
        }
        return epochs;
    }

    private static void read(Path file, List<Epoch> epochs) {
        try {
            for (String line : Files.readAllLines(file)) {
                JsonNode node = JSON.readTree(line);
                if (node.has("train_loss")) {
                    epochs.add(new Epoch(
                            node.required("epoch").asDouble(),
                            node.required("train_loss").asDouble(),
                            node.path("validation_error").asDouble(Double.NaN),
                            node.required("alive_weights").asLong()));
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new RunException(file + " is damaged: " + e.getMessage() + ". Remove its trial and run again.", e);
        }
    }

    private static List<Point> thinned(List<Epoch> epochs) {
        int every = Math.max(1, (epochs.size() + MOST - 1) / MOST);
        List<Point> kept = new ArrayList<>();
        for (int i = 0; i < epochs.size(); i++) {
            Epoch epoch = epochs.get(i);
            boolean cut = i > 0 && epoch.alive() < epochs.get(i - 1).alive();
            if (cut || i % every == 0 || i == epochs.size() - 1) {
                kept.add(new Point(epoch.epoch(), epoch.trainLoss(), epoch.validationError(), cut));
            }
        }
        return kept;
    }
}
