package io.espalier.experiments.studyfile;

import io.espalier.compress.ObdSdSaliency;
import io.espalier.compress.Saliency;
import io.espalier.compress.SaliencyKind;
import io.espalier.compress.SnipSaliency;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads a saliency: its name, or a map of its name to its parameters. */
public final class SaliencyReader {
    private static final Map<String, Saliency> BY_NAME = Arrays.stream(SaliencyKind.values())
            .collect(Collectors.toMap(SaliencyKind::key, SaliencyKind::saliency, (a, b) -> a, LinkedHashMap::new));

    private SaliencyReader() {}

    /**
     * Reads one that stands by itself.
     *
     * @param source what messages call the text
     */
    public static Saliency read(String source, String text) {
        return read(new YamlDocument(source, text).root("saliency"));
    }

    static Saliency read(YamlValue value) {
        if (!value.isMap()) {
            return value.choice(BY_NAME);
        }
        YamlMap map = value.map().allow(SaliencyKind.OBD_SD.key(), SaliencyKind.SNIP.key());
        return map.has(SaliencyKind.SNIP.key())
                ? snip(map.required(SaliencyKind.SNIP.key()))
                : obdSd(map.required(SaliencyKind.OBD_SD.key()));
    }

    private static Saliency snip(YamlValue value) {
        YamlMap parameters = value.map().allow("examples");
        Optional<YamlValue> examples = parameters.optional("examples");
        return examples.<Saliency>map(item -> item.build(() -> new SnipSaliency(item.integer())))
                .orElseGet(SnipSaliency::new);
    }

    private static Saliency obdSd(YamlValue value) {
        YamlMap parameters = value.map().allow("reading", "c");
        ObdSdSaliency.Reading reading = parameters
                .optional("reading")
                .<ObdSdSaliency.Reading>map(item -> item.choice(Map.of(
                        "mean-plus-sd", new ObdSdSaliency.MeanPlusSd(1),
                        "per-layer-sd", new ObdSdSaliency.PerLayerSd())))
                .orElse(new ObdSdSaliency.MeanPlusSd(1));
        if (!parameters.has("c")) {
            return new ObdSdSaliency(reading);
        }
        YamlValue c = parameters.required("c");
        if (reading instanceof ObdSdSaliency.PerLayerSd) {
            throw c.error("Only the reading `mean-plus-sd` has a `c`. Take it out.");
        }
        return c.build(() -> new ObdSdSaliency(new ObdSdSaliency.MeanPlusSd(c.number())));
    }
}
