package io.espalier.experiments.studyfile;

import io.espalier.method.Dense;
import io.espalier.study.Configuration;
import io.espalier.study.Entry;
import io.espalier.train.TrainingSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code methods}: a list of kinds with their options, and gives every one a name. */
final class MethodReader {
    private static final String FILE = "file";

    private final SweepReader.Point point;
    private final TuneReader tune;
    private final FromScratchReader fromScratch;
    private final PruneReader prune;
    private final QuantiseReader quantise;
    private final List<MethodDraft> drafts = new ArrayList<>();

    /** @param point of the study's sweep */
    MethodReader(SweepReader.Point point, TuneReader tune) {
        this.point = point;
        this.tune = tune;
        this.fromScratch = new FromScratchReader(point);
        this.prune = new PruneReader(point, fromScratch);
        this.quantise = new QuantiseReader(point);
    }

    List<Entry> read(YamlValue value) {
        for (YamlValue item : value.list()) {
            drafts.add(draft(item));
        }
        List<Entry> entries = new ArrayList<>();
        Map<String, YamlValue> names = new LinkedHashMap<>();
        for (MethodDraft draft : drafts) {
            String name = name(draft);
            if (names.put(name, draft.place()) != null) {
                throw draft.place().error("Two methods are called `" + name + "`. Give one of them another `name`.");
            }
            entries.add(entry(draft, point.named(name)));
        }
        return withDense(entries);
    }

    /** Whether there is nothing to train, and so nothing to tune. */
    private static boolean isRead(MethodDraft draft) {
        return draft.kind().equals("dense") && draft.place().map().has(FILE);
    }

    private Entry entry(MethodDraft draft, String name) {
        List<Axes.Variant> variants =
                isRead(draft) ? List.of(new Axes.Variant("", draft.place())) : tune.variants(draft.place());
        List<Configuration> configurations = variants.stream()
                .map(variant -> new Configuration(
                        variant.label(),
                        draft(draft.kind(), variant.map()).method().apply(name)))
                .toList();
        return new Entry(configurations, tune.perRatio(), point.label());
    }

    /** Pruning starts from a dense network: if the file names none, the study trains one all the same. */
    private List<Entry> withDense(List<Entry> entries) {
        String name = point.named("dense");
        boolean needed = entries.stream().anyMatch(entry -> entry.first().from().equals(Optional.of(name)));
        boolean present = entries.stream().anyMatch(entry -> entry.first() instanceof Dense);
        if (!needed || present) {
            return entries;
        }
        List<Entry> completed = new ArrayList<>(entries);
        // Last, so that the numbers of the others stay their places in the file.
        completed.add(
                new Entry(List.of(new Configuration("", new Dense(name, point.training()))), false, point.label()));
        return completed;
    }

    private String name(MethodDraft draft) {
        if (draft.ownName() != null) {
            return draft.ownName();
        }
        for (int length = 1; length < draft.parts().size(); length++) {
            String name = draft.named(length);
            int used = length;
            boolean unique = drafts.stream()
                    .filter(other -> other != draft && other.ownName() == null)
                    .noneMatch(other -> other.named(used).equals(name));
            if (unique) {
                return name;
            }
        }
        return draft.named(draft.parts().size());
    }

    private MethodDraft draft(YamlValue item) {
        if (!item.isMap()) {
            throw item.error("A method is written like `- prune: { saliency: magnitude }`.");
        }
        YamlMap map = item.map();
        if (map.keys().size() != 1) {
            throw item.error("A method has exactly one kind, got " + String.join(", ", map.keys())
                    + ". Indent its options under the kind.");
        }
        String kind = map.keys().iterator().next();
        map.allow(
                "dense",
                "equal-size",
                "profile",
                "hashed",
                "low-rank",
                "random-edges",
                "rigl",
                "prune",
                "prune-neurons",
                "quantise");
        return draft(kind, map.required(kind));
    }

    private MethodDraft draft(String kind, YamlValue options) {
        return switch (kind) {
            case "dense" -> dense(options);
            case "equal-size" -> fromScratch.equalSize(options);
            case "profile" -> fromScratch.profile(options);
            case "hashed" -> fromScratch.hashed(options);
            case "low-rank" -> fromScratch.lowRank(options);
            case "random-edges" -> fromScratch.randomEdges(options);
            case "rigl" -> fromScratch.rigl(options);
            case "prune" -> prune.prune(options);
            case "prune-neurons" -> prune.pruneNeurons(options);
            default -> quantise.quantise(options);
        };
    }

    private MethodDraft dense(YamlValue value) {
        YamlMap map = value.map().allow("name", FILE, "training", "penalty", "tune");
        for (String key : List.of("training", "penalty", "tune")) {
            if (map.has(FILE) && map.has(key)) {
                throw map.error(key, "What is read from a file is not trained. Take `" + key + "` out.");
            }
        }
        if (PruneReader.SCRATCH.equals(MethodDraft.ownName(map))) {
            throw map.required("name")
                    .error("`from: scratch` means that pruning starts untrained. Give this method another `name`.");
        }
        TrainingSettings settings = MethodDraft.settings(map, point.training());
        Optional<Path> file = map.optional(FILE).map(item -> item.build(() -> Path.of(item.text())));
        return new MethodDraft(
                "dense",
                value,
                MethodDraft.ownName(map),
                List.of(
                        "dense",
                        MethodDraft.label(settings.penalty(), point.training().penalty()),
                        file.map(Path::toString).orElse("")),
                name -> new Dense(name, settings, file));
    }
}
