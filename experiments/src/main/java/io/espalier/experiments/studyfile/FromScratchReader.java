package io.espalier.experiments.studyfile;

import io.espalier.backend.WeightHash;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.Scope;
import io.espalier.method.EqualSize;
import io.espalier.method.FromScratch;
import io.espalier.method.Hashed;
import io.espalier.method.LowRank;
import io.espalier.method.Method;
import io.espalier.method.Profile;
import io.espalier.method.RandomEdges;
import io.espalier.method.Reduction;
import io.espalier.method.Rigl;
import io.espalier.train.Length;
import io.espalier.train.RegrowthSchedule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the options of methods that train a small network from its initialisation. */
final class FromScratchReader {
    private static final Map<String, WeightHash.Mode> HASH_MODES =
            Map.of("native", WeightHash.Mode.NATIVE, "paper", WeightHash.Mode.PAPER);
    private static final Map<String, Scope> LAYERS =
            Stream.of(Scope.ERK, Scope.LAYER).collect(Collectors.toMap(Scope::key, scope -> scope));
    private static final Map<String, Reduction> REDUCTIONS = Map.of(
            "width", new Reduction.Width(), "depth", new Reduction.Depth(), "bottleneck", new Reduction.Bottleneck());

    private final SweepReader.Point point;

    /** @param point of the study's sweep, whose training methods override */
    FromScratchReader(SweepReader.Point point) {
        this.point = point;
    }

    MethodDraft equalSize(YamlValue value) {
        YamlMap map = value.map()
                .allow(
                        "name",
                        "training",
                        "penalty",
                        "epochs",
                        "ratios",
                        "tune",
                        DistillationReader.KEY,
                        "by",
                        "network");
        FromScratch scratch = fromScratch(map);
        Reduction reduction = reduction(map);
        return new MethodDraft(
                "equal-size",
                value,
                MethodDraft.ownName(map),
                List.of(
                        "equal-size",
                        reduction instanceof Reduction.Other other
                                ? other.other().toString()
                                : reduction.key(),
                        penaltyLabel(scratch),
                        teacherLabel(scratch)),
                name -> new EqualSize(name, scratch, reduction));
    }

    private static Reduction reduction(YamlMap map) {
        if (map.has("network")) {
            if (map.has("by")) {
                throw map.error("by", "Another `network` is made narrower, and no more. Take `by` out.");
            }
            return new Reduction.Other(NetworkReader.read(map.required("network")));
        }
        return map.optional("by").map(item -> item.choice(REDUCTIONS)).orElse(new Reduction.Width());
    }

    MethodDraft profile(YamlValue value) {
        YamlMap map = value.map().allow("name", "of", "at", "training", "penalty", "epochs", "ratios", "tune");
        FromScratch scratch = fromScratch(map);
        String parent = map.required("of").text();
        YamlValue at = map.required("at");
        CompressionRatio ratio = at.build(() -> new CompressionRatio(at.number()));
        return new MethodDraft(
                "profile",
                value,
                MethodDraft.ownName(map),
                List.of("profile of " + parent + " at " + ratio, penaltyLabel(scratch)),
                name -> new Profile(name, scratch, point.named(parent), ratio));
    }

    MethodDraft hashed(YamlValue value) {
        YamlMap map = value.map()
                .allow(
                        "name",
                        "training",
                        "penalty",
                        "epochs",
                        "ratios",
                        "tune",
                        DistillationReader.KEY,
                        "expand",
                        "mode",
                        "hash-biases");
        FromScratch scratch = fromScratch(map);
        int expand = expand(map);
        WeightHash.Mode mode =
                map.optional("mode").map(item -> item.choice(HASH_MODES)).orElse(WeightHash.Mode.NATIVE);
        boolean published = mode == WeightHash.Mode.PAPER;
        if (map.has("hash-biases") && !published) {
            throw map.error("hash-biases", "Biases are hashed in `mode: paper` only. Take `hash-biases` out.");
        }
        boolean hashBiases =
                published && map.optional("hash-biases").map(YamlValue::yesNo).orElse(true);
        return new MethodDraft(
                "hashed",
                value,
                MethodDraft.ownName(map),
                List.of(
                        "hashed",
                        penaltyLabel(scratch),
                        teacherLabel(scratch),
                        published ? "paper" : "",
                        published && !hashBiases ? "dense biases" : "",
                        expandLabel(expand)),
                name -> new Hashed(name, scratch, mode, hashBiases, expand));
    }

    MethodDraft lowRank(YamlValue value) {
        return expandable("low-rank", value, LowRank::new);
    }

    MethodDraft randomEdges(YamlValue value) {
        return expandable("random-edges", value, RandomEdges::new);
    }

    MethodDraft rigl(YamlValue value) {
        YamlMap map = value.map()
                .allow(
                        "name",
                        "training",
                        "penalty",
                        "epochs",
                        "ratios",
                        "tune",
                        "scope",
                        "update-every",
                        "until",
                        "alpha");
        FromScratch scratch = fromScratch(map);
        Scope scope = map.optional("scope").map(item -> item.choice(LAYERS)).orElse(Scope.ERK);
        RegrowthSchedule usual = Rigl.USUAL;
        Length every = map.optional("update-every")
                .map(item -> item.build(() -> Length.parse(item.text())))
                .orElse(usual.every());
        double until = map.optional("until").map(YamlValue::number).orElse(usual.until());
        double alpha = map.optional("alpha").map(YamlValue::number).orElse(usual.alpha());
        RegrowthSchedule moves = value.build(() -> new RegrowthSchedule(every, until, alpha));
        return new MethodDraft(
                "rigl",
                value,
                MethodDraft.ownName(map),
                List.of(
                        "rigl",
                        penaltyLabel(scratch),
                        scope == Scope.ERK ? "" : scope.key(),
                        "every " + every,
                        "alpha " + alpha,
                        "until " + until),
                name -> new Rigl(name, scratch, scope, moves));
    }

    private interface Expandable {
        Method of(String name, FromScratch scratch, int expand);
    }

    private MethodDraft expandable(String kind, YamlValue value, Expandable method) {
        YamlMap map = value.map()
                .allow("name", "training", "penalty", "epochs", "ratios", "tune", DistillationReader.KEY, "expand");
        FromScratch scratch = fromScratch(map);
        int expand = expand(map);
        return new MethodDraft(
                kind,
                value,
                MethodDraft.ownName(map),
                List.of(kind, penaltyLabel(scratch), teacherLabel(scratch), expandLabel(expand)),
                name -> method.of(name, scratch, expand));
    }

    FromScratch fromScratch(YamlMap map) {
        OptionalInt epochs =
                map.has("epochs") ? OptionalInt.of(TrainingReader.epochs(map.required("epochs"))) : OptionalInt.empty();
        return new FromScratch(
                MethodDraft.settings(map, point.training()),
                epochs,
                MethodDraft.ratios(map),
                map.optional(DistillationReader.KEY).map(value -> DistillationReader.teacher(value, point)));
    }

    static String teacherLabel(FromScratch scratch) {
        return DistillationReader.label(scratch.teacher().isPresent());
    }

    private static int expand(YamlMap map) {
        Optional<YamlValue> value = map.optional("expand");
        int expand = value.map(YamlValue::integer).orElse(1);
        if (expand < 1) {
            throw value.orElseThrow()
                    .error("`expand` widens hidden layers by a whole number from 1, got " + expand + ".");
        }
        return expand;
    }

    private static String expandLabel(int expand) {
        return expand == 1 ? "" : expand + "x wide";
    }

    String penaltyLabel(FromScratch scratch) {
        return MethodDraft.label(scratch.training().penalty(), point.training().penalty());
    }
}
