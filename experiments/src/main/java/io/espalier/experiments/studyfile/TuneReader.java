package io.espalier.experiments.studyfile;

import io.espalier.study.TuningGrid;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

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
    private final Axes axes;

    private TuneReader(OptionalInt budget, boolean perRatio, Axes axes) {
        this.budget = budget;
        this.perRatio = perRatio;
        this.axes = axes;
    }

    /** For a study that tunes nothing. */
    static TuneReader none() {
        return new TuneReader(OptionalInt.empty(), false, new Axes(Map.of()));
    }

    static TuneReader read(YamlValue value) {
        YamlMap map = value.map();
        YamlValue budget = map.required(BUDGET);
        boolean perRatio = map.optional(PER).map(item -> item.choice(PER_RATIO)).orElse(false);
        Axes axes = axes(map);
        int count = budget.integer();
        budget.build(() -> new TuningGrid(List.of(), count));
        return new TuneReader(OptionalInt.of(count), perRatio, axes);
    }

    private static Axes axes(YamlMap map) {
        Map<String, List<YamlValue>> axes = new LinkedHashMap<>();
        for (String key : map.keys()) {
            if (!Set.of(BUDGET, PER).contains(key)) {
                axes.put(key, Axes.values(map, key));
            }
        }
        return new Axes(axes);
    }

    boolean perRatio() {
        return perRatio;
    }

    /** The options of one method in each of its configurations. */
    List<Axes.Variant> variants(YamlValue options) {
        Axes mine =
                options.map().optional("tune").map(tune -> ownAxes(tune.map())).orElse(axes);
        return options.build(() -> mine.variants(options, budget.orElse(1)));
    }

    private Axes ownAxes(YamlMap tune) {
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
