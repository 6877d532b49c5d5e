package io.espalier.experiments.studyfile;

import io.espalier.study.TuningGrid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Reads {@code tune}: keys of a method's options with the values to choose between, and how many configurations every method may
 * try. A method's own {@code tune} replaces the keys of the study's; the budget is the same for all.
 */
final class TuneReader {
    private static final String BUDGET = "budget";
    private static final String PER = "per";
    private static final Map<String, Boolean> PER_RATIO = Map.of("method", false, "ratio", true);

    /** Empty for a study that tunes nothing. */
    private final OptionalInt budget;

    private final boolean perRatio;
    private final Map<String, List<YamlValue>> axes;

    private TuneReader(OptionalInt budget, boolean perRatio, Map<String, List<YamlValue>> axes) {
        this.budget = budget;
        this.perRatio = perRatio;
        this.axes = axes;
    }

    /** A method's options with the values of one configuration put in. */
    record Variant(String label, YamlValue options) {}

    /** A method's options as they are. */
    static Variant alone(YamlValue options) {
        return new Variant("", options);
    }

    /** For a study that tunes nothing. */
    static TuneReader none() {
        return new TuneReader(OptionalInt.empty(), false, Map.of());
    }

    static TuneReader read(YamlValue value) {
        YamlMap map = value.map();
        YamlValue budget = map.required(BUDGET);
        boolean perRatio = map.optional(PER).map(item -> item.choice(PER_RATIO)).orElse(false);
        Map<String, List<YamlValue>> axes = axes(map);
        int count = budget.integer();
        budget.build(() -> new TuningGrid(List.of(), count));
        return new TuneReader(OptionalInt.of(count), perRatio, axes);
    }

    private static Map<String, List<YamlValue>> axes(YamlMap map) {
        Map<String, List<YamlValue>> axes = new LinkedHashMap<>();
        for (String key : map.keys()) {
            if (!Set.of(BUDGET, PER).contains(key)) {
                YamlValue values = map.required(key);
                if (values.list().isEmpty()) {
                    throw values.error("`" + key + "` needs at least one value to try.");
                }
                axes.put(key, values.list());
            }
        }
        return axes;
    }

    boolean perRatio() {
        return perRatio;
    }

    /** The configurations of one method. */
    List<Variant> variants(YamlValue options) {
        YamlMap map = options.map();
        Map<String, List<YamlValue>> mine =
                map.optional("tune").map(tune -> ownAxes(tune.map())).orElse(axes);
        TuningGrid grid = options.build(
                () -> new TuningGrid(mine.values().stream().map(List::size).toList(), budget.orElse(1)));
        List<String> keys = List.copyOf(mine.keySet());
        List<Variant> variants = new ArrayList<>();
        for (List<Integer> numbers : grid.configurations()) {
            YamlValue changed = options;
            for (int axis = 0; axis < keys.size(); axis++) {
                changed = changed.with(keys.get(axis), mine.get(keys.get(axis)).get(numbers.get(axis)));
            }
            String label = IntStream.range(0, keys.size())
                    .mapToObj(axis -> keys.get(axis) + " "
                            + mine.get(keys.get(axis)).get(numbers.get(axis)).compact())
                    .collect(Collectors.joining(", "));
            variants.add(new Variant(label, changed));
        }
        return variants;
    }

    private Map<String, List<YamlValue>> ownAxes(YamlMap tune) {
        for (String key : List.of(BUDGET, PER)) {
            if (tune.has(key)) {
                throw tune.error(
                        key, "`" + key + "` is the same for all methods. Give it in the study's `tune`, not here.");
            }
        }
        if (budget.isEmpty() && !tune.keys().isEmpty()) {
            throw tune.error(
                    tune.keys().iterator().next(),
                    "A method can be tuned only if the study says how many configurations each may try. Add `tune: { budget: 4 }` to"
                            + " the study.");
        }
        return axes(tune);
    }
}
