package io.espalier.experiments.studyfile;

import io.espalier.compress.CompressionRatio;
import io.espalier.compress.Law;
import io.espalier.compress.Saliency;
import io.espalier.compress.Scope;
import io.espalier.compress.UnitCriterion;
import io.espalier.method.FromScratch;
import io.espalier.method.FromTrained;
import io.espalier.method.Method;
import io.espalier.method.Prune;
import io.espalier.method.PruneAtInitialization;
import io.espalier.method.PruneNeurons;
import io.espalier.method.SparsitySchedule;
import io.espalier.train.Distillation;
import io.espalier.train.Length;
import io.espalier.train.Recovery;
import io.espalier.train.TrainingSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** Reads the options of {@code prune} and {@code prune-neurons}: what goes, when, and what happens then. */
final class PruneReader {
    private static final Map<String, Scope> SCOPES =
            Arrays.stream(Scope.values()).collect(Collectors.toMap(Scope::key, scope -> scope));
    private static final Map<String, Law> LAWS =
            Map.of("geometric", Law.GEOMETRIC, "linear", Law.LINEAR, "f_k", Law.F_K);
    private static final Map<String, Recovery> RECOVERIES = Map.of(
            "fine-tune", new Recovery.FineTune(),
            "continue", new Recovery.Continue(),
            "reinit", new Recovery.Reinit(),
            "scratch", new Recovery.Scratch());
    private static final int F_K_CYCLES = 15;

    /** Options of a schedule that say how long recoveries train. */
    private static final List<String> CYCLE_LENGTHS = List.of("epochs", "until", "last", "every");

    /** Cycles of fine-tuning are this part of the dense training long unless told otherwise. */
    private static final int CYCLE_FRACTION = 6;

    /** In the place of a dense method's name: cuts come before any training. */
    static final String SCRATCH = "scratch";

    private final SweepReader.Point point;
    private final FromScratchReader fromScratch;

    /** @param point of the study's sweep, whose training methods override */
    PruneReader(SweepReader.Point point, FromScratchReader fromScratch) {
        this.point = point;
        this.fromScratch = fromScratch;
    }

    MethodDraft prune(YamlValue value) {
        boolean untrained =
                value.map().optional("from").map(YamlValue::text).orElse("").equals(SCRATCH);
        return untrained ? atInitialization(value) : weightsOfTrained(value);
    }

    private MethodDraft weightsOfTrained(YamlValue value) {
        YamlMap map = options(value, "saliency");
        Saliency saliency = SaliencyReader.read(map.required("saliency"));
        return draft("prune", value, map, saliency.name(), (name, trained) -> new Prune(name, saliency, trained));
    }

    private MethodDraft atInitialization(YamlValue value) {
        YamlMap map = value.map();
        if (map.has("recovery")) {
            throw map.error("recovery", "What was never trained has nothing to recover. Take `recovery` out.");
        }
        refuseCycleLengths(
                map,
                "Nothing is trained between cuts from scratch; `epochs` beside `schedule` is how long what is left trains.");
        map.allow(
                "name",
                "saliency",
                "scope",
                "schedule",
                "from",
                "penalty",
                "training",
                "epochs",
                "ratios",
                "tune",
                DistillationReader.KEY);
        Saliency saliency = SaliencyReader.read(map.required("saliency"));
        Scope scope = scope(map);
        FromScratch scratch = fromScratch.fromScratch(map);
        int cuts = saliency.cutsBeforeTraining();
        SparsitySchedule schedule = map.optional("schedule")
                .map(item -> schedule(item, cuts))
                .orElse(new SparsitySchedule(Law.GEOMETRIC, cuts, true));
        return new MethodDraft(
                "prune",
                value,
                MethodDraft.ownName(map),
                List.of(
                        "prune " + saliency.name() + withSpace(fromScratch.penaltyLabel(scratch)),
                        "from scratch",
                        scope == Scope.GLOBAL ? "" : scope.key(),
                        lawLabel(schedule.law()),
                        FromScratchReader.teacherLabel(scratch),
                        schedule.cycles() + " cycles"),
                name -> new PruneAtInitialization(name, scratch, saliency, scope, schedule.law(), schedule.cycles()));
    }

    MethodDraft pruneNeurons(YamlValue value) {
        YamlMap map = options(value, "criterion");
        UnitCriterion criterion = UnitCriterionReader.read(map.required("criterion"));
        return draft(
                "prune-neurons",
                value,
                map,
                criterion.name(),
                (name, trained) -> new PruneNeurons(name, criterion, trained));
    }

    private static YamlMap options(YamlValue value, String ranking) {
        return value.map()
                .allow(
                        "name",
                        ranking,
                        "scope",
                        "schedule",
                        "recovery",
                        "penalty",
                        "training",
                        "from",
                        "ratios",
                        "tune",
                        DistillationReader.KEY);
    }

    private MethodDraft draft(
            String kind, YamlValue value, YamlMap map, String ranking, BiFunction<String, FromTrained, Method> method) {
        Scope scope = scope(map);
        Recovery recovery = map.optional("recovery").map(this::recovery).orElse(new Recovery.FineTune());
        SparsitySchedule schedule = map.optional("schedule")
                .map(item -> schedule(item, 1))
                .orElse(new SparsitySchedule(Law.GEOMETRIC, 1, false));
        TrainingSettings settings = MethodDraft.settings(map, point.training()).withEpochs(cycleEpochs(map, recovery));
        List<CompressionRatio> ratios = MethodDraft.ratios(map);
        String from = map.optional("from").map(YamlValue::text).orElse("dense");
        Optional<Distillation> distillation =
                map.optional(DistillationReader.KEY).map(DistillationReader::ofItsParent);
        List<String> parts = List.of(
                kind + " " + ranking
                        + withSpace(MethodDraft.label(
                                settings.penalty(), point.training().penalty())),
                scope == Scope.GLOBAL ? "" : scope.key(),
                schedule.perRatio() && schedule.law() == Law.GEOMETRIC ? "one-shot" : lawLabel(schedule.law()),
                recoveryLabel(recovery),
                from.equals("dense") ? "" : "from " + from,
                DistillationReader.label(distillation.isPresent()),
                schedule.cycles() + " cycles",
                schedule.every().map(every -> "every " + every).orElse(""),
                schedule.trainAccuracy().isPresent()
                        ? "until " + schedule.trainAccuracy().getAsDouble()
                        : "");
        return new MethodDraft(
                kind,
                value,
                MethodDraft.ownName(map),
                parts,
                name -> value.build(() -> method.apply(
                        name,
                        new FromTrained(
                                settings, scope, schedule, recovery, point.named(from), ratios, distillation))));
    }

    private int cycleEpochs(YamlMap map, Recovery recovery) {
        if (map.has("training") && map.required("training").map().has("epochs")) {
            throw map.required("training")
                    .error(
                            "The length of a pruning cycle is `schedule: { epochs: ... }`. Take `epochs` out of `training`.");
        }
        boolean detailed = map.has("schedule") && map.required("schedule").isMap();
        if (recovery.retrainsInFull()) {
            refuseCycleLengths(map, "This recovery retrains to the end of the dense schedule.");
        }
        if (detailed && map.required("schedule").map().has("epochs")) {
            return TrainingReader.epochs(map.required("schedule").map().required("epochs"));
        }
        return recovery.retrainsInFull()
                ? point.training().epochs()
                : (point.training().epochs() + CYCLE_FRACTION - 1) / CYCLE_FRACTION;
    }

    private static void refuseCycleLengths(YamlMap method, String why) {
        Optional<YamlValue> schedule = method.optional("schedule").filter(YamlValue::isMap);
        for (String key : CYCLE_LENGTHS) {
            if (schedule.isPresent() && schedule.get().map().has(key)) {
                throw schedule.get().error(why + " Take `" + key + "` out of `schedule`.");
            }
        }
    }

    /** @param usualCycles unless the law has its own number */
    private static SparsitySchedule schedule(YamlValue value, int usualCycles) {
        if (!value.isMap()) {
            return value.choice(Map.of("one-shot", SparsitySchedule.oneShot()));
        }
        YamlMap map = value.map().allow("cycles", "law", "epochs", "until", "last", "every");
        Law law = map.optional("law").map(item -> item.choice(LAWS)).orElse(Law.GEOMETRIC);
        int cycles = map.optional("cycles").map(YamlValue::integer).orElse(law == Law.F_K ? F_K_CYCLES : usualCycles);
        OptionalDouble trainAccuracy = map.optional("until")
                .map(item -> OptionalDouble.of(item.map()
                        .allow("train-accuracy")
                        .required("train-accuracy")
                        .number()))
                .orElse(OptionalDouble.empty());
        OptionalInt lastEpochs = map.optional("last")
                .map(item -> OptionalInt.of(TrainingReader.epochs(item)))
                .orElse(OptionalInt.empty());
        Optional<Length> every = map.optional("every").map(item -> item.build(() -> Length.parse(item.text())));
        return value.build(
                () -> new SparsitySchedule(law, cycles, law.dependsOnLastTarget(), trainAccuracy, lastEpochs, every));
    }

    private static Scope scope(YamlMap map) {
        return map.optional("scope").map(item -> item.choice(SCOPES)).orElse(Scope.GLOBAL);
    }

    private Recovery recovery(YamlValue value) {
        if (!value.isMap()) {
            return value.choice(RECOVERIES);
        }
        YamlMap map = value.map().allow("rewind", "learning-rate-rewind");
        if (map.keys().size() != 1) {
            throw value.error(
                    "A recovery is one of fine-tune, continue, reinit, scratch, { rewind: 500it }, { learning-rate-rewind: 2ep }.");
        }
        String kind = map.keys().iterator().next();
        YamlValue instant = map.required(kind);
        Length to = instant.build(() -> Length.parse(instant.text()));
        if (to.unit() == Length.Unit.EPOCHS && to.count() >= point.training().epochs()) {
            throw instant.error("Rewind point " + to + " is not before the end of training at "
                    + point.training().epochs() + " epochs.");
        }
        return kind.equals("rewind") ? new Recovery.Rewind(to) : new Recovery.LearningRateRewind(to);
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
        return RECOVERIES.entrySet().stream()
                .filter(entry -> entry.getValue().equals(recovery) && !(recovery instanceof Recovery.FineTune))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }
}
