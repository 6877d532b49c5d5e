package io.espalier.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.espalier.backend.Activation;
import io.espalier.backend.WeightHash;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.DropoutDamage;
import io.espalier.compress.Law;
import io.espalier.compress.Quantizer;
import io.espalier.compress.Saliency;
import io.espalier.compress.SaliencyKind;
import io.espalier.compress.Scope;
import io.espalier.compress.SnipSaliency;
import io.espalier.compress.UnitCriterion;
import io.espalier.compress.UnitCriterionKind;
import io.espalier.data.Catalog;
import io.espalier.data.DataSource;
import io.espalier.data.DataSpec;
import io.espalier.data.Dataset;
import io.espalier.method.Dense;
import io.espalier.method.EqualSize;
import io.espalier.method.FromScratch;
import io.espalier.method.FromTrained;
import io.espalier.method.Hashed;
import io.espalier.method.LowRank;
import io.espalier.method.Prune;
import io.espalier.method.PruneAtInitialization;
import io.espalier.method.PruneNeurons;
import io.espalier.method.Quantise;
import io.espalier.method.RandomEdges;
import io.espalier.method.Rigl;
import io.espalier.method.SparsitySchedule;
import io.espalier.method.Teacher;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.NetworkSpec;
import io.espalier.random.Seed;
import io.espalier.study.Entry;
import io.espalier.study.Plan;
import io.espalier.study.Study;
import io.espalier.train.Distillation;
import io.espalier.train.LearningRate;
import io.espalier.train.Length;
import io.espalier.train.Penalty;
import io.espalier.train.Recovery;
import io.espalier.train.RegrowthSchedule;
import io.espalier.train.ReportAt;
import io.espalier.train.ToyData;
import io.espalier.train.TrainingSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A study of every method on toy data, small enough to be run many times, and what runs of it leave behind. */
final class ToyStudy {
    static final Dataset DATA = ToyData.dataset(127, 53);
    static final Build BUILD = new Build("test", "none", "false");
    static final NetworkSpec NETWORK = new NetworkSpec(
            List.of(ToyData.FEATURES, 20, ToyData.CLASSES),
            Activation.TANH,
            Activation.LINEAR,
            Loss.SOFTMAX,
            Initialization.GLOROT);

    private ToyStudy() {}

    static TrainingSettings settings(double rate) {
        return new TrainingSettings(
                4, 8, new LearningRate.Constant(rate), 0.9, 0.1, 0.1, new Penalty(0, 1e-4), ReportAt.BEST_VALIDATION);
    }

    private static TrainingSettings replayed(TrainingSettings settings) {
        return new TrainingSettings(
                settings.epochs(),
                settings.batch(),
                settings.learningRate(),
                settings.momentum(),
                settings.inputDropout(),
                settings.hiddenDropout(),
                settings.penalty(),
                settings.reportAt(),
                Optional.of(Length.parse("5it")),
                true);
    }

    static Prune prune(String name, Saliency saliency, SparsitySchedule schedule, Recovery recovery) {
        return new Prune(
                name,
                saliency,
                new FromTrained(settings(0.02).withEpochs(2), Scope.LAYER, schedule, recovery, "dense", List.of()));
    }

    static Quantise quantise(String name, int epochs, Quantizer to, String parent) {
        return new Quantise(name, settings(0.002).withEpochs(epochs), to, parent, List.of());
    }

    static PruneNeurons pruneNeurons(
            String name,
            UnitCriterion criterion,
            SparsitySchedule schedule,
            Recovery recovery,
            CompressionRatio... ratios) {
        return new PruneNeurons(
                name,
                criterion,
                new FromTrained(
                        settings(0.02).withEpochs(2), Scope.GLOBAL, schedule, recovery, "dense", List.of(ratios)));
    }

    static final FromScratch SCRATCH = new FromScratch(settings(0.02), OptionalInt.of(3), List.of());

    private static final Distillation DARK = new Distillation(4, 0.5);

    static final FromScratch TAUGHT =
            new FromScratch(settings(0.02), OptionalInt.of(3), List.of(), Optional.of(new Teacher("dense", DARK)));

    private static final FromTrained TAUGHT_BY_PARENT = new FromTrained(
            settings(0.02).withEpochs(2),
            Scope.GLOBAL,
            new SparsitySchedule(Law.GEOMETRIC, 2, false),
            new Recovery.FineTune(),
            "dense",
            List.of(),
            Optional.of(DARK));

    static Plan plan(double rate, int seeds) {
        List<Seed> all = new ArrayList<>();
        for (int seed = 0; seed < seeds; seed++) {
            all.add(new Seed(seed));
        }
        SparsitySchedule iterative = new SparsitySchedule(Law.GEOMETRIC, 2, false);
        return Plan.outline(new Study(
                "toy",
                "",
                new DataSpec(new DataSource.Named(Catalog.MNIST), 20),
                NETWORK,
                Stream.of(
                                new Dense("dense", settings(rate)),
                                new EqualSize("equal-size", SCRATCH),
                                new Hashed("hashed", SCRATCH, WeightHash.Mode.NATIVE, false, 1),
                                new Hashed("paper", SCRATCH, WeightHash.Mode.PAPER, true, 1),
                                new LowRank("low-rank", SCRATCH, 1),
                                new EqualSize("dark", TAUGHT),
                                new Hashed("dark hashed", TAUGHT, WeightHash.Mode.NATIVE, false, 1),
                                new RandomEdges("random-edges", SCRATCH, 2),
                                new Rigl(
                                        "rigl",
                                        SCRATCH,
                                        Scope.ERK,
                                        new RegrowthSchedule(Length.parse("5it"), 0.75, 0.5)),
                                new PruneAtInitialization(
                                        "snip", SCRATCH, new SnipSaliency(30), Scope.GLOBAL, Law.LINEAR, 2),
                                new PruneAtInitialization(
                                        "synflow",
                                        SCRATCH,
                                        SaliencyKind.SYNFLOW.saliency(),
                                        Scope.GLOBAL,
                                        Law.GEOMETRIC,
                                        10),
                                prune(
                                        "magnitude",
                                        SaliencyKind.MAGNITUDE.saliency(),
                                        iterative,
                                        new Recovery.FineTune()),
                                prune(
                                        "waiting",
                                        SaliencyKind.MAGNITUDE.saliency(),
                                        new SparsitySchedule(
                                                Law.F_K,
                                                3,
                                                true,
                                                OptionalDouble.of(0.96),
                                                OptionalInt.of(1),
                                                Optional.empty()),
                                        new Recovery.Continue()),
                                prune(
                                        "random",
                                        SaliencyKind.RANDOM.saliency(),
                                        SparsitySchedule.oneShot(),
                                        new Recovery.Reinit()),
                                pruneNeurons(
                                        "norm",
                                        UnitCriterionKind.WEIGHT_NORM.criterion(),
                                        iterative,
                                        new Recovery.FineTune()),
                                pruneNeurons(
                                        "damage",
                                        new DropoutDamage(8, 0.5, 30),
                                        iterative,
                                        new Recovery.Rewind(Length.parse("9it"))),
                                pruneNeurons(
                                        "merged",
                                        UnitCriterionKind.MERGE.criterion(),
                                        iterative,
                                        new Recovery.Scratch(),
                                        new CompressionRatio(4)),
                                prune(
                                        "ticket",
                                        SaliencyKind.MAGNITUDE.saliency(),
                                        iterative,
                                        new Recovery.Rewind(Length.parse("9it"))),
                                new Prune("dark magnitude", SaliencyKind.MAGNITUDE.saliency(), TAUGHT_BY_PARENT),
                                new PruneNeurons(
                                        "dark norm", UnitCriterionKind.WEIGHT_NORM.criterion(), TAUGHT_BY_PARENT),
                                quantise("half", 0, new Quantizer.Half(), "dense"),
                                quantise("linear", 0, new Quantizer.Linear(4), "random"),
                                quantise("codebook", 2, new Quantizer.Codebook(2), "magnitude"),
                                quantise("codebook of dense", 2, new Quantizer.Codebook(3), "dense"),
                                quantise("codebook of fewer units", 2, new Quantizer.Codebook(2), "norm"),
                                new Prune(
                                        "replayed ticket",
                                        SaliencyKind.MAGNITUDE.saliency(),
                                        new FromTrained(
                                                replayed(settings(0.02).withEpochs(2)),
                                                Scope.LAYER_HALF_OUTPUT,
                                                iterative,
                                                new Recovery.Rewind(Length.parse("9it")),
                                                "dense",
                                                List.of())))
                        .map(Entry::of)
                        .toList(),
                Stream.of(2, 4).map(CompressionRatio::new).toList(),
                all,
                false,
                List.of()));
    }

    /** Runs what is missing of a plan in a folder. */
    static Scheduler.Outcome run(Path into, Plan plan, List<Device> devices, RunControl control) {
        try (RunDirectory directory = RunDirectory.open(
                into,
                plan.study(),
                "text",
                BUILD,
                DATA,
                new RunDirectory.Executor("cpu", "", devices.size()),
                control.shard())) {
            Scheduler.Outcome outcome = Scheduler.run(plan.study(), DATA, devices, directory, Progress.NONE, control);
            ResultTable.of(into, plan).write(into);
            return outcome;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The bytes of all models of a run, by path. */
    static TreeMap<String, byte[]> models(Path run) throws IOException {
        TreeMap<String, byte[]> models = new TreeMap<>();
        try (Stream<Path> files = Files.walk(run)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".safetensors"))
                    .toList()) {
                models.put(run.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return models;
    }

    /** Two runs must have left the same models, bit for bit. */
    static void assertSameModels(Path a, Path b) throws IOException {
        TreeMap<String, byte[]> first = models(a);
        TreeMap<String, byte[]> second = models(b);
        assertEquals(first.keySet(), second.keySet());
        first.forEach((path, bytes) ->
                assertArrayEquals(bytes, second.get(path), a.getFileName() + " and " + b.getFileName() + ": " + path));
    }
}
