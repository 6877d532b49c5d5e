package io.espalier.experiments.studyfile;

import io.espalier.backend.WeightHash;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.Law;
import io.espalier.compress.Saliency;
import io.espalier.compress.Scope;
import io.espalier.method.Dense;
import io.espalier.method.EqualSize;
import io.espalier.method.FromScratch;
import io.espalier.method.Hashed;
import io.espalier.method.LowRank;
import io.espalier.method.Method;
import io.espalier.method.Prune;
import io.espalier.method.RandomEdges;
import io.espalier.method.SparsitySchedule;
import io.espalier.method.Teacher;
import io.espalier.study.Configuration;
import io.espalier.study.Entry;
import io.espalier.train.Distillation;
import io.espalier.train.Length;
import io.espalier.train.Penalty;
import io.espalier.train.Recovery;
import io.espalier.train.TrainingSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads {@code methods}: a list of kinds with their options, and gives every one a name. */
final class MethodReader {
    private static final Map<String, Scope> SCOPES = Map.of("global", Scope.GLOBAL, "layer", Scope.LAYER);
    private static final Map<String, Law> LAWS =
            Map.of("geometric", Law.GEOMETRIC, "linear", Law.LINEAR, "f_k", Law.F_K);
    private static final Map<String, WeightHash.Mode> HASH_MODES =
            Map.of("native", WeightHash.Mode.NATIVE, "paper", WeightHash.Mode.PAPER);
    private static final double DEFAULT_TEMPERATURE = 4;
    private static final double DEFAULT_WEIGHT = 0.5;
    private static final Map<String, Recovery> RECOVERIES = Map.of(
            "fine-tune", new Recovery.FineTune(), "continue", new Recovery.Continue(), "reinit", new Recovery.Reinit());
    private static final int F_K_CYCLES = 15;

    /** Options of a schedule that say how long recoveries train. */
    private static final List<String> CYCLE_LENGTHS = List.of("epochs", "until", "last");

    /** Cycles of fine-tuning are this part of the dense training long unless told otherwise. */
    private static final int CYCLE_FRACTION = 6;

    private final TrainingSettings training;
    private final TuneReader tune;
    private final List<Draft> drafts = new ArrayList<>();

    MethodReader(TrainingSettings training, TuneReader tune) {
        this.training = training;
        this.tune = tune;
    }

    /** A method whose name is not settled: its own, or parts of which as many are used as tell it from the others. */
    private record Draft(
            String kind, YamlValue place, String ownName, List<String> parts, Function<String, Method> method) {}

    List<Entry> read(YamlValue value) {
        for (YamlValue item : value.list()) {
            drafts.add(draft(item));
        }
        List<Entry> entries = new ArrayList<>();
        Map<String, YamlValue> names = new LinkedHashMap<>();
        for (Draft draft : drafts) {
            String name = name(draft);
            if (names.put(name, draft.place) != null) {
                throw draft.place.error("Two methods are called `" + name + "`. Give one of them another `name`.");
            }
            entries.add(entry(draft, name));
        }
        return withDense(entries);
    }

    private Entry entry(Draft draft, String name) {
        List<Configuration> configurations = tune.variants(draft.place).stream()
                .map(variant -> new Configuration(
                        variant.label(),
                        draft(draft.kind, variant.options()).method.apply(name)))
                .toList();
        return new Entry(configurations, tune.perRatio());
    }

    /** Pruning starts from a dense network: if the file names none, the study trains one all the same. */
    private List<Entry> withDense(List<Entry> entries) {
        String name = "dense";
        boolean needed = entries.stream().anyMatch(entry -> entry.first().from().equals(Optional.of(name)));
        boolean present = entries.stream().anyMatch(entry -> entry.first() instanceof Dense);
        if (!needed || present) {
            return entries;
        }
        List<Entry> completed = new ArrayList<>(entries);
        // Last, so that the numbers of the others stay their places in the file.
        completed.add(Entry.of(new Dense(name, training)));
        return completed;
    }

    private String name(Draft draft) {
        if (draft.ownName != null) {
            return draft.ownName;
        }
        for (int length = 1; length < draft.parts.size(); length++) {
            String name = joined(draft, length);
            int used = length;
            boolean unique = drafts.stream()
                    .filter(other -> other != draft && other.ownName == null)
                    .noneMatch(other -> joined(other, used).equals(name));
            if (unique) {
                return name;
            }
        }
        return joined(draft, draft.parts.size());
    }

    private static String joined(Draft draft, int length) {
        return draft.parts.stream()
                .limit(length)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" "));
    }

    private Draft draft(YamlValue item) {
        if (!item.isMap()) {
            throw item.error("A method is written like `- prune: { saliency: magnitude }`.");
        }
        YamlMap map = item.map();
        if (map.keys().size() != 1) {
            throw item.error("A method has exactly one kind, got " + String.join(", ", map.keys())
                    + ". Indent its options under the kind.");
        }
        String kind = map.keys().iterator().next();
        map.allow("dense", "equal-size", "hashed", "low-rank", "random-edges", "prune");
        return draft(kind, map.required(kind));
    }

    private Draft draft(String kind, YamlValue options) {
        return switch (kind) {
            case "dense" -> dense(options);
            case "equal-size" -> equalSize(options);
            case "hashed" -> hashed(options);
            case "low-rank" -> expandable(kind, options, LowRank::new);
            case "random-edges" -> expandable(kind, options, RandomEdges::new);
            default -> prune(options);
        };
    }

    private Draft dense(YamlValue value) {
        YamlMap map = value.map().allow("name", "training", "penalty", "tune");
        TrainingSettings settings = settings(map, training);
        return new Draft(
                "dense",
                value,
                ownName(map),
                List.of("dense", label(settings.penalty(), training.penalty())),
                name -> new Dense(name, settings));
    }

    private Draft equalSize(YamlValue value) {
        YamlMap map = value.map().allow("name", "training", "penalty", "epochs", "ratios", "tune", "distill");
        FromScratch scratch = fromScratch(map);
        return new Draft(
                "equal-size",
                value,
                ownName(map),
                List.of("equal-size", penaltyLabel(scratch), teacherLabel(scratch)),
                name -> new EqualSize(name, scratch));
    }

    private Draft hashed(YamlValue value) {
        YamlMap map = value.map()
                .allow(
                        "name",
                        "training",
                        "penalty",
                        "epochs",
                        "ratios",
                        "tune",
                        "distill",
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
        return new Draft(
                "hashed",
                value,
                ownName(map),
                List.of(
                        "hashed",
                        penaltyLabel(scratch),
                        teacherLabel(scratch),
                        published ? "paper" : "",
                        published && !hashBiases ? "dense biases" : "",
                        expandLabel(expand)),
                name -> new Hashed(name, scratch, mode, hashBiases, expand));
    }

    private interface Expandable {
        Method of(String name, FromScratch scratch, int expand);
    }

    private Draft expandable(String kind, YamlValue value, Expandable method) {
        YamlMap map = value.map().allow("name", "training", "penalty", "epochs", "ratios", "tune", "distill", "expand");
        FromScratch scratch = fromScratch(map);
        int expand = expand(map);
        return new Draft(
                kind,
                value,
                ownName(map),
                List.of(kind, penaltyLabel(scratch), teacherLabel(scratch), expandLabel(expand)),
                name -> method.of(name, scratch, expand));
    }

    private FromScratch fromScratch(YamlMap map) {
        OptionalInt epochs =
                map.has("epochs") ? OptionalInt.of(TrainingReader.epochs(map.required("epochs"))) : OptionalInt.empty();
        return new FromScratch(
                settings(map, training),
                epochs,
                ratios(map),
                map.optional("distill").map(MethodReader::teacher));
    }

    private static Teacher teacher(YamlValue value) {
        YamlMap map = value.map().allow("from", "temperature", "weight");
        String from = map.optional("from").map(YamlValue::text).orElse("dense");
        double temperature = map.optional("temperature").map(YamlValue::number).orElse(DEFAULT_TEMPERATURE);
        double weight = map.optional("weight").map(YamlValue::number).orElse(DEFAULT_WEIGHT);
        return value.build(() -> new Teacher(from, new Distillation(temperature, weight)));
    }

    private static String teacherLabel(FromScratch scratch) {
        return scratch.teacher().isPresent() ? "distilled" : "";
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

    private String penaltyLabel(FromScratch scratch) {
        return label(scratch.training().penalty(), training.penalty());
    }

    private Draft prune(YamlValue value) {
        YamlMap map = value.map()
                .allow(
                        "name",
                        "saliency",
                        "scope",
                        "schedule",
                        "recovery",
                        "penalty",
                        "training",
                        "from",
                        "ratios",
                        "tune");
        Saliency saliency = SaliencyReader.read(map.required("saliency"));
        Scope scope = map.optional("scope").map(item -> item.choice(SCOPES)).orElse(Scope.GLOBAL);
        Recovery recovery = map.optional("recovery").map(this::recovery).orElse(new Recovery.FineTune());
        SparsitySchedule schedule =
                map.optional("schedule").map(this::schedule).orElse(new SparsitySchedule(Law.GEOMETRIC, 1, false));
        TrainingSettings settings = settings(map, training).withEpochs(cycleEpochs(map, recovery));
        List<CompressionRatio> ratios = ratios(map);
        String from = map.optional("from").map(YamlValue::text).orElse("dense");
        List<String> parts = List.of(
                "prune " + saliency.name() + withSpace(label(settings.penalty(), training.penalty())),
                scope == Scope.LAYER ? "layer" : "",
                schedule.perRatio() && schedule.law() == Law.GEOMETRIC ? "one-shot" : lawLabel(schedule.law()),
                recoveryLabel(recovery),
                from.equals("dense") ? "" : "from " + from,
                schedule.cycles() + " cycles",
                schedule.trainAccuracy().isPresent()
                        ? "until " + schedule.trainAccuracy().getAsDouble()
                        : "");
        return new Draft(
                "prune",
                value,
                ownName(map),
                parts,
                name -> value.build(
                        () -> new Prune(name, settings, saliency, scope, schedule, recovery, from, ratios)));
    }

    private static List<CompressionRatio> ratios(YamlMap map) {
        return map.optional("ratios").map(RatioReader::read).orElse(List.of());
    }

    private static String ownName(YamlMap map) {
        return map.optional("name").map(YamlValue::text).orElse(null);
    }

    private static TrainingSettings settings(YamlMap map, TrainingSettings base) {
        TrainingSettings settings = map.optional("training")
                .map(value -> TrainingReader.overridden(value, base))
                .orElse(base);
        if (!map.has("penalty")) {
            return settings;
        }
        return settings.withPenalty(TrainingReader.penalty(map.required("penalty")));
    }

    private int cycleEpochs(YamlMap map, Recovery recovery) {
        if (map.has("training") && map.required("training").map().has("epochs")) {
            throw map.required("training")
                    .error(
                            "The length of a pruning cycle is `schedule: { epochs: ... }`. Take `epochs` out of `training`.");
        }
        boolean detailed = map.has("schedule") && map.required("schedule").isMap();
        for (String key : CYCLE_LENGTHS) {
            if (detailed && map.required("schedule").map().has(key) && recovery.retrainsInFull()) {
                throw map.required("schedule")
                        .error("This recovery retrains to the end of the dense schedule. Take `" + key
                                + "` out of `schedule`.");
            }
        }
        if (detailed && map.required("schedule").map().has("epochs")) {
            return TrainingReader.epochs(map.required("schedule").map().required("epochs"));
        }
        return recovery.retrainsInFull()
                ? training.epochs()
                : (training.epochs() + CYCLE_FRACTION - 1) / CYCLE_FRACTION;
    }

    private SparsitySchedule schedule(YamlValue value) {
        if (!value.isMap()) {
            return value.choice(Map.of("one-shot", SparsitySchedule.oneShot()));
        }
        YamlMap map = value.map().allow("cycles", "law", "epochs", "until", "last");
        Law law = map.optional("law").map(item -> item.choice(LAWS)).orElse(Law.GEOMETRIC);
        int cycles = map.optional("cycles").map(YamlValue::integer).orElse(law == Law.F_K ? F_K_CYCLES : 1);
        OptionalDouble trainAccuracy = map.optional("until")
                .map(item -> OptionalDouble.of(item.map()
                        .allow("train-accuracy")
                        .required("train-accuracy")
                        .number()))
                .orElse(OptionalDouble.empty());
        OptionalInt lastEpochs = map.optional("last")
                .map(item -> OptionalInt.of(TrainingReader.epochs(item)))
                .orElse(OptionalInt.empty());
        return value.build(
                () -> new SparsitySchedule(law, cycles, law.dependsOnLastTarget(), trainAccuracy, lastEpochs));
    }

    private Recovery recovery(YamlValue value) {
        if (!value.isMap()) {
            return value.choice(RECOVERIES);
        }
        YamlMap map = value.map().allow("rewind", "learning-rate-rewind");
        if (map.keys().size() != 1) {
            throw value.error(
                    "A recovery is one of fine-tune, continue, reinit, { rewind: 500it }, { learning-rate-rewind: 2ep }.");
        }
        String kind = map.keys().iterator().next();
        YamlValue point = map.required(kind);
        Length to = point.build(() -> Length.parse(point.text()));
        if (to.unit() == Length.Unit.EPOCHS && to.count() >= training.epochs()) {
            throw point.error(
                    "Rewind point " + to + " is not before the end of training at " + training.epochs() + " epochs.");
        }
        return kind.equals("rewind") ? new Recovery.Rewind(to) : new Recovery.LearningRateRewind(to);
    }

    private static String label(Penalty penalty, Penalty usual) {
        if (penalty.equals(usual)) {
            return "";
        }
        if (penalty.equals(Penalty.NONE)) {
            return "no penalty";
        }
        return penalty.l1() > 0 && penalty.l2() > 0 ? "l1 l2" : penalty.l1() > 0 ? "l1" : "l2";
    }

    private static String withSpace(String text) {
        return text.isEmpty() ? "" : " " + text;
    }

    private static String lawLabel(Law law) {
        return law == Law.GEOMETRIC ? "" : law == Law.F_K ? "f_k" : "linear";
    }

    private static String recoveryLabel(Recovery recovery) {
        if (recovery instanceof Recovery.Rewind rewind) {
            return "rewind " + rewind.to();
        }
        if (recovery instanceof Recovery.LearningRateRewind rewind) {
            return "learning-rate-rewind " + rewind.to();
        }
        return recovery instanceof Recovery.Reinit ? "reinit" : recovery instanceof Recovery.Continue ? "continue" : "";
    }
}
