package io.espalier.experiments.studyfile;

import io.espalier.compress.CompressionRatio;
import io.espalier.method.Method;
import io.espalier.train.Penalty;
import io.espalier.train.TrainingSettings;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A method whose name is not settled: its own, or parts of which as many are used as tell it from the others.
 *
 * @param ownName null where the file gives none
 * @param parts the kind first; empty ones do not show
 */
record MethodDraft(String kind, YamlValue place, String ownName, List<String> parts, Function<String, Method> method) {
    /** The name that so many parts make. */
    String named(int length) {
        return parts.stream().limit(length).filter(part -> !part.isEmpty()).collect(Collectors.joining(" "));
    }

    // ---- options that several kinds have ----------------------------------------------------------------------------

    static String ownName(YamlMap map) {
        return map.optional("name").map(YamlValue::text).orElse(null);
    }

    static List<CompressionRatio> ratios(YamlMap map) {
        return map.optional("ratios").map(RatioReader::read).orElse(List.of());
    }

    static TrainingSettings settings(YamlMap map, TrainingSettings base) {
        TrainingSettings settings = map.optional("training")
                .map(value -> TrainingReader.overridden(value, base))
                .orElse(base);
        if (!map.has("penalty")) {
            return settings;
        }
        return settings.withPenalty(TrainingReader.penalty(map.required("penalty")));
    }

    /** What tells a penalty from the study's; empty where it is the same. */
    static String label(Penalty penalty, Penalty usual) {
        if (penalty.equals(usual)) {
            return "";
        }
        if (penalty.equals(Penalty.NONE)) {
            return "no penalty";
        }
        return penalty.l1() > 0 && penalty.l2() > 0 ? "l1 l2" : penalty.l1() > 0 ? "l1" : "l2";
    }
}
