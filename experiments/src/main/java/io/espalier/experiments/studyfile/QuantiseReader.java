package io.espalier.experiments.studyfile;

import io.espalier.compress.CompressionRatio;
import io.espalier.compress.Quantizer;
import io.espalier.method.Quantise;
import io.espalier.train.TrainingSettings;
import java.util.List;
import java.util.Map;

/** Reads the options of {@code quantise}: whose weights go into how few bits, and how a codebook is trained. */
final class QuantiseReader {
    private final SweepReader.Point point;

    /** @param point of the study's sweep, whose training methods override */
    QuantiseReader(SweepReader.Point point) {
        this.point = point;
    }

    MethodDraft quantise(YamlValue value) {
        YamlMap map = value.map().allow("name", "to", "from", "epochs", "training", "penalty", "ratios", "tune");
        Quantizer to = quantizer(map.required("to"));
        int epochs = map.optional("epochs").map(TrainingReader::epochs).orElse(0);
        if (epochs > 0 && !(to instanceof Quantizer.Codebook)) {
            throw map.error(
                    "epochs",
                    "Only the entries of a codebook are trained. Take `epochs` out, or set `to: { codebook: 5 }`.");
        }
        if (map.has("training") && map.required("training").map().has("epochs")) {
            throw map.required("training")
                    .error("How long entries are trained is `epochs` beside `to`. Take `epochs` out of `training`.");
        }
        TrainingSettings settings = MethodDraft.settings(map, point.training()).withEpochs(epochs);
        String from = map.optional("from").map(YamlValue::text).orElse("dense");
        List<CompressionRatio> ratios = MethodDraft.ratios(map);
        List<String> parts = List.of(
                "quantise " + to.name(),
                from.equals("dense") ? "" : "from " + from,
                MethodDraft.label(settings.penalty(), point.training().penalty()),
                epochs == 0 ? "" : epochs + " epochs");
        return new MethodDraft(
                "quantise",
                value,
                MethodDraft.ownName(map),
                parts,
                name -> new Quantise(name, settings, to, point.named(from), ratios));
    }

    private static Quantizer quantizer(YamlValue value) {
        if (!value.isMap()) {
            return value.choice(Map.of("half", new Quantizer.Half()));
        }
        YamlMap map = value.map().allow("linear", "codebook");
        if (map.keys().size() != 1) {
            throw value.error("Weights are quantised to one of half, { linear: 8 }, { codebook: 5 }.");
        }
        String kind = map.keys().iterator().next();
        YamlValue bits = map.required(kind);
        int count = bits.integer();
        return bits.build(() -> kind.equals("linear") ? new Quantizer.Linear(count) : new Quantizer.Codebook(count));
    }
}
