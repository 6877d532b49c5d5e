package io.espalier.experiments.studyfile;

import io.espalier.train.LearningRate;
import io.espalier.train.Length;
import io.espalier.train.Penalty;
import io.espalier.train.ReportAt;
import io.espalier.train.TrainingSettings;
import java.util.Map;
import java.util.Optional;

/** Reads {@code training}, whole or as overrides of another. */
final class TrainingReader {
    private static final Map<String, ReportAt> REPORT_AT =
            Map.of("last", ReportAt.LAST, "best-validation", ReportAt.BEST_VALIDATION);

    private TrainingReader() {}

    static TrainingSettings read(YamlValue value) {
        YamlMap map = allowed(value);
        int epochs = epochs(map.required("epochs"));
        int batch = map.required("batch").integer();
        LearningRate learningRate = learningRate(map.required("learning-rate"));
        TrainingSettings plain = value.build(
                () -> new TrainingSettings(epochs, batch, learningRate, 0, 0, 0, Penalty.NONE, ReportAt.LAST));
        return overridden(value, plain);
    }

    /** What the map leaves out stays as in {@code base}. */
    static TrainingSettings overridden(YamlValue value, TrainingSettings base) {
        YamlMap map = allowed(value);
        int epochs = map.optional("epochs").map(TrainingReader::epochs).orElse(base.epochs());
        int batch = map.optional("batch").map(YamlValue::integer).orElse(base.batch());
        LearningRate learningRate =
                map.optional("learning-rate").map(TrainingReader::learningRate).orElse(base.learningRate());
        double momentum = map.optional("momentum").map(YamlValue::number).orElse(base.momentum());
        double input = base.inputDropout();
        double hidden = base.hiddenDropout();
        if (map.has("dropout")) {
            YamlMap dropout = map.required("dropout").map().allow("input", "hidden");
            input = dropout.optional("input").map(YamlValue::number).orElse(0.0);
            hidden = dropout.optional("hidden").map(YamlValue::number).orElse(0.0);
        }
        Penalty penalty = map.optional("penalty").map(TrainingReader::penalty).orElse(base.penalty());
        ReportAt reportAt =
                map.optional("report-at").map(item -> item.choice(REPORT_AT)).orElse(base.reportAt());
        Optional<Length> evaluateEvery = map.optional("evaluate-every")
                .map(item -> item.build(() -> Length.parse(item.text())))
                .or(base::evaluateEvery);
        boolean replayData = map.optional("replay-data").map(YamlValue::yesNo).orElse(base.replayData());
        double inputDropout = input;
        double hiddenDropout = hidden;
        return value.build(() -> new TrainingSettings(
                epochs,
                batch,
                learningRate,
                momentum,
                inputDropout,
                hiddenDropout,
                penalty,
                reportAt,
                evaluateEvery,
                replayData));
    }

    private static YamlMap allowed(YamlValue value) {
        return value.map()
                .allow(
                        "epochs",
                        "batch",
                        "learning-rate",
                        "momentum",
                        "dropout",
                        "penalty",
                        "report-at",
                        "evaluate-every",
                        "replay-data");
    }

    /** 60 or 60ep, at least 1. */
    static int epochs(YamlValue value) {
        String text = value.text();
        int epochs;
        if (text.matches("[0-9]{1,6}ep")) {
            epochs = Integer.parseInt(text.substring(0, text.length() - 2));
        } else if (text.matches("-?[0-9]{1,6}")) {
            epochs = Integer.parseInt(text);
        } else {
            throw value.error("Epochs are a whole number such as 60 or 60ep, got `" + text + "`.");
        }
        if (epochs < 1) {
            throw value.error("Training needs at least one epoch, got " + epochs + ".");
        }
        return epochs;
    }

    private static LearningRate learningRate(YamlValue value) {
        if (!value.isMap()) {
            return value.build(() -> new LearningRate.Constant(value.number()));
        }
        YamlMap map = value.map();
        if (map.has("constant")) {
            double rate = map.allow("constant").required("constant").number();
            return value.build(() -> new LearningRate.Constant(rate));
        }
        if (map.has("cosine")) {
            double rate = map.allow("cosine").required("cosine").number();
            return value.build(() -> new LearningRate.Cosine(rate));
        }
        if (map.has("step")) {
            double rate = map.allow("step", "factor", "every").required("step").number();
            double factor = map.required("factor").number();
            int every = epochs(map.required("every"));
            return value.build(() -> new LearningRate.Step(rate, factor, every));
        }
        if (map.has("inverse-sqrt-epoch")) {
            double rate = map.allow("inverse-sqrt-epoch")
                    .required("inverse-sqrt-epoch")
                    .number();
            return value.build(() -> new LearningRate.InverseSqrtEpoch(rate));
        }
        double rate = map.allow("inverse-time", "decay", "constant", "cosine", "step", "inverse-sqrt-epoch")
                .required("inverse-time")
                .number();
        double decay = map.required("decay").number();
        return value.build(() -> new LearningRate.InverseTime(rate, decay));
    }

    /** none, l1, l2, or a map with their strengths. */
    static Penalty penalty(YamlValue value) {
        if (!value.isMap()) {
            return value.choice(Map.of(
                    "none", Penalty.NONE,
                    "l1", new Penalty(Penalty.DEFAULT_L1, 0),
                    "l2", new Penalty(0, Penalty.DEFAULT_L2)));
        }
        YamlMap map = value.map().allow("l1", "l2");
        double l1 = map.optional("l1").map(YamlValue::number).orElse(0.0);
        double l2 = map.optional("l2").map(YamlValue::number).orElse(0.0);
        return value.build(() -> new Penalty(l1, l2));
    }
}
