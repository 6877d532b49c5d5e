package io.espalier.experiments.studyfile;

import io.espalier.study.TuningGrid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Keys of a map with the values that each is to take.
 *
 * @param values by dotted keys, in the order of the file
 */
record Axes(Map<String, List<YamlValue>> values) {
    /** The values of one key, which are one at least. */
    static List<YamlValue> values(YamlMap map, String key) {
        YamlValue values = map.required(key);
        if (values.list().isEmpty()) {
            throw values.error("`" + key + "` needs at least one value to try.");
        }
        return values.list();
    }

    /**
     * A map with one value of every axis put in.
     *
     * @param label those values, as their author would write them
     */
    record Variant(String label, YamlValue map) {}

    /**
     * The map in every combination, the last axis running fastest.
     *
     * @param most how many at most; of more, so many are drawn
     * @throws IllegalArgumentException if there are more combinations than can be numbered
     */
    List<Variant> variants(YamlValue map, int most) {
        TuningGrid grid =
                new TuningGrid(values.values().stream().map(List::size).toList(), most);
        List<Variant> variants = new ArrayList<>();
        for (List<Integer> numbers : grid.configurations()) {
            Map<String, YamlValue> chosen = new LinkedHashMap<>();
            values.forEach((key, all) -> chosen.put(key, all.get(numbers.get(chosen.size()))));
            YamlValue changed = map;
            for (Map.Entry<String, YamlValue> axis : chosen.entrySet()) {
                changed = changed.with(axis.getKey(), axis.getValue());
            }
            variants.add(new Variant(label(chosen), changed));
        }
        return variants;
    }

    private static String label(Map<String, YamlValue> chosen) {
        return chosen.entrySet().stream()
                .map(axis -> axis.getKey() + " " + axis.getValue().compact())
                .collect(Collectors.joining(", "));
    }
}
