package io.espalier.experiments.studyfile;

import io.espalier.method.Teacher;
import io.espalier.train.Distillation;

/** Reads how a method learns from a teacher. */
final class DistillationReader {
    /** The option under which it stands. */
    static final String KEY = "distill";

    private static final double DEFAULT_TEMPERATURE = 4;
    private static final double DEFAULT_WEIGHT = 0.5;

    private DistillationReader() {}

    /** A teacher that the method itself does not start from: it names one, or means {@code dense}. */
    static Teacher teacher(YamlValue value, SweepReader.Point point) {
        YamlMap map = value.map().allow("from", "temperature", "weight");
        String from = map.optional("from").map(YamlValue::text).orElse("dense");
        return new Teacher(point.named(from), distillation(value, map));
    }

    /** Of a method that starts from its teacher's weights. */
    static Distillation ofItsParent(YamlValue value) {
        YamlMap map = value.map();
        if (map.has("from")) {
            throw map.error(
                    "from",
                    "A pruned network learns from the one that it was cut from, `from` beside `distill`. Take this one out.");
        }
        return distillation(value, map.allow("temperature", "weight"));
    }

    private static Distillation distillation(YamlValue value, YamlMap map) {
        double temperature = map.optional("temperature").map(YamlValue::number).orElse(DEFAULT_TEMPERATURE);
        double weight = map.optional("weight").map(YamlValue::number).orElse(DEFAULT_WEIGHT);
        return value.build(() -> new Distillation(temperature, weight));
    }

    /** What sets a method with a teacher apart from one without. */
    static String label(boolean taught) {
        return taught ? "distilled" : "";
    }
}
