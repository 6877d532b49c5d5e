package io.espalier.experiments.studyfile;

import io.espalier.train.TrainingSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads {@code sweep}: keys of the study's training with the values that they take one after another. Every method, what it starts
 * from included, stands in the study once for each combination.
 */
final class SweepReader {
    private static final String TRAINING = "training.";

    private SweepReader() {}

    /**
     * One combination.
     *
     * @param label such as {@code batch 50}; empty in a study that sweeps nothing
     * @param training that methods there override
     */
    record Point(String label, TrainingSettings training) {
        /** What a method is called here that the file calls so. */
        String named(String written) {
            return label.isEmpty() ? written : written + " at " + label;
        }
    }

    static List<Point> points(YamlValue training, Optional<YamlValue> sweep) {
        Axes axes = new Axes(sweep.map(SweepReader::axes).orElse(Map.of()));
        YamlValue place = sweep.orElse(training);
        List<Point> points = new ArrayList<>();
        Set<String> labels = new HashSet<>();
        for (Axes.Variant variant : place.build(() -> axes.variants(training, Integer.MAX_VALUE))) {
            if (!labels.add(variant.label())) {
                throw place.error("`" + variant.label() + "` stands twice in the sweep. Keep one of them.");
            }
            points.add(new Point(variant.label(), TrainingReader.read(variant.map())));
        }
        return points;
    }

    private static Map<String, List<YamlValue>> axes(YamlValue sweep) {
        YamlMap map = sweep.map();
        Map<String, List<YamlValue>> axes = new LinkedHashMap<>();
        for (String key : map.keys()) {
            if (!key.startsWith(TRAINING)) {
                throw map.error(
                        key,
                        "A sweep is over keys of `training`, such as `training.batch: [50, 128]`. For another `" + key
                                + "` write another study.");
            }
            axes.put(key.substring(TRAINING.length()), Axes.values(map, key));
        }
        return axes;
    }
}
