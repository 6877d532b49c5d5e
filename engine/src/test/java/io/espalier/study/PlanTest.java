package io.espalier.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.WeightHash;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.DropoutDamage;
import io.espalier.compress.Law;
import io.espalier.compress.ObdSdSaliency;
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
import io.espalier.method.Dense;
import io.espalier.method.EqualSize;
import io.espalier.method.FromScratch;
import io.espalier.method.FromTrained;
import io.espalier.method.Hashed;
import io.espalier.method.LowRank;
import io.espalier.method.Method;
import io.espalier.method.Prune;
import io.espalier.method.PruneAtInitialization;
import io.espalier.method.PruneNeurons;
import io.espalier.method.Quantise;
import io.espalier.method.RandomEdges;
import io.espalier.method.Rigl;
import io.espalier.method.SparsitySchedule;
import io.espalier.method.Trajectory;
import io.espalier.network.NamedNetwork;
import io.espalier.random.Seed;
import io.espalier.train.Instruction;
import io.espalier.train.LearningRate;
import io.espalier.train.Length;
import io.espalier.train.Penalty;
import io.espalier.train.Recovery;
import io.espalier.train.RegrowthSchedule;
import io.espalier.train.ReportAt;
import io.espalier.train.TrainingSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final TrainingSettings TRAINING =
            new TrainingSettings(12, 50, new LearningRate.Constant(0.1), 0.9, 0, 0, Penalty.NONE, ReportAt.LAST);
    private static final Method DENSE = new Dense("dense", TRAINING);
    private static final Method EQUAL_SIZE =
            new EqualSize("equal-size", new FromScratch(TRAINING, OptionalInt.empty(), List.of()));
    private static final SparsitySchedule TWO_CYCLES = new SparsitySchedule(Law.GEOMETRIC, 2, false);

    private static Prune prune(String name, SparsitySchedule schedule, Recovery recovery) {
        return new Prune(
                name,
                SaliencyKind.MAGNITUDE.saliency(),
                new FromTrained(TRAINING.withEpochs(3), Scope.GLOBAL, schedule, recovery, "dense", List.of()));
    }

    private static Study study(int validation, Method... methods) {
        return new Study(
                "test",
                "",
                new DataSpec(new DataSource.Named(Catalog.MNIST), validation),
                NamedNetwork.LENET_300_100.spec(),
                Stream.of(methods).map(Entry::of).toList(),
                Stream.of(2, 8, 32).map(CompressionRatio::new).toList(),
                List.of(new Seed(0), new Seed(1)),
                false,
                List.of());
    }

    private static List<Trial> of(Plan plan, String method) {
        return plan.trials().stream()
                .filter(trial -> trial.method().equals(method))
                .toList();
    }

    @Test
    void aParentRunsOnceForAllItsChildren() {
        Plan plan = Plan.outline(study(
                0,
                EQUAL_SIZE,
                prune("iterative", TWO_CYCLES, new Recovery.FineTune()),
                DENSE,
                prune("one-shot", SparsitySchedule.oneShot(), new Recovery.FineTune())));
        assertEquals(2, of(plan, "dense").size());
        assertEquals(2, of(plan, "iterative").size(), "one trajectory through all ratios");
        assertEquals(6, of(plan, "one-shot").size(), "one trajectory a ratio");
        assertEquals(6, of(plan, "equal-size").size());
        assertEquals(2 + 6 + 6 + 6, plan.rows());
        Trial dense = of(plan, "dense").get(0);
        assertEquals(4, plan.children(dense.id()).size());
        assertTrue(plan.children(dense.id()).stream()
                .allMatch(child -> child.seed().equals(dense.seed())));
        Set<TrialId> seen = new HashSet<>();
        for (Trial trial : plan.trials()) {
            assertTrue(trial.parent().map(seen::contains).orElse(true), "parents come first");
            assertTrue(seen.add(trial.id()));
        }
    }

    @Test
    void cutsAreExactAtTheRatiosAndMonotone() {
        Plan plan = Plan.outline(study(0, DENSE, prune("p", TWO_CYCLES, new Recovery.FineTune())));
        List<Integer> keeps = of(plan, "p").get(0).program().instructions().stream()
                .filter(Instruction.Prune.class::isInstance)
                .map(cut -> ((Instruction.Prune) cut).keep())
                .toList();
        assertEquals(6, keeps.size());
        assertEquals(266_610 / 2 - 410, keeps.get(1));
        assertEquals(266_610 / 8 - 410, keeps.get(3));
        assertEquals(266_610 / 32 - 410, keeps.get(5));
        for (int i = 1; i < keeps.size(); i++) {
            assertTrue(keeps.get(i) < keeps.get(i - 1));
        }
    }

    private static final SparsitySchedule WAITING = new SparsitySchedule(
            Law.F_K, 3, true, OptionalDouble.of(0.99), OptionalInt.of(7), java.util.Optional.empty());

    @Test
    void cyclesWaitForTheTrainingAccuracyButForTheLast() {
        Plan plan = Plan.outline(study(0, DENSE, EQUAL_SIZE, prune("p", WAITING, new Recovery.Continue())));
        Trial trial = of(plan, "p").get(0);
        assertEquals(
                List.of(
                        new Instruction.TrainToAccuracy(0.99, Length.epochs(3)),
                        new Instruction.TrainToAccuracy(0.99, Length.epochs(3)),
                        new Instruction.Train(Length.epochs(7))),
                trial.program().instructions().stream()
                        .filter(Instruction.Training.class::isInstance)
                        .toList());
        assertEquals(7, trial.program().scheduleEpochs(new CompressionRatio(2)));
        assertEquals(12 + 3 + 3 + 7, trial.epochs(), "at most");
        assertEquals(12 + 3 + 3 + 7, of(plan, "equal-size").get(0).epochs(), "what a pruned row might have had");
        assertEquals(
                "{\"kind\":\"prune\",\"saliency\":\"magnitude\",\"law\":\"f-k\",\"cycles\":3,"
                        + "\"train-accuracy\":0.99,\"last-epochs\":7,\"recovery\":\"continue\"}",
                trial.canonical().get("method").toString());
        SparsitySchedule asLong = new SparsitySchedule(
                Law.F_K, 3, true, OptionalDouble.empty(), OptionalInt.of(3), java.util.Optional.empty());
        SparsitySchedule plain = new SparsitySchedule(Law.F_K, 3, true);
        assertEquals(
                of(Plan.outline(study(0, DENSE, prune("p", plain, new Recovery.FineTune()))), "p")
                        .get(0)
                        .id(),
                of(Plan.outline(study(0, DENSE, prune("p", asLong, new Recovery.FineTune()))), "p")
                        .get(0)
                        .id(),
                "a last cycle as long as the others is nothing new");
    }

    @Test
    void aChosenEpochIsOneOfTheLastCycle() {
        Trajectory full = of(Plan.outline(study(0, DENSE, prune("p", WAITING, new Recovery.Continue()))), "p")
                .get(0)
                .trajectory();
        CompressionRatio two = new CompressionRatio(2);
        Trajectory chosen = full.reportingAt(Map.of(two, 5));
        assertEquals(3 + 3 + 5, chosen.epochs());
        assertEquals(7, chosen.program().scheduleEpochs(two));
        List<Instruction> program = chosen.program().instructions();
        assertEquals(new Instruction.TakeReadout(two), program.get(program.size() - 1));
        assertEquals(new Instruction.Train(Length.epochs(5)), program.get(program.size() - 2));
        assertTrue(program.stream()
                .filter(Instruction.StartPhase.class::isInstance)
                .allMatch(phase -> ((Instruction.StartPhase) phase).sinceInitialization()));
    }

    @Test
    void trainingFromScratchGetsTheLargestBudgetOfAnyPrunedRow() {
        Plan plan = Plan.outline(study(
                0,
                DENSE,
                EQUAL_SIZE,
                prune("short", SparsitySchedule.oneShot(), new Recovery.FineTune()),
                prune("long", TWO_CYCLES, new Recovery.FineTune())));
        assertEquals(12 + 3 * 2 * 3, of(plan, "long").get(0).epochs());
        assertEquals(12 + 18, of(plan, "equal-size").get(0).epochs());
        assertEquals(15, of(plan, "short").get(0).epochs());
    }

    @Test
    void parentsKeepTheSnapshotsThatChildrenRewindTo() {
        Plan plain = Plan.outline(study(0, DENSE));
        Plan plan = Plan.outline(study(0, DENSE, prune("lt", TWO_CYCLES, new Recovery.Rewind(Length.parse("500it")))));
        Trial dense = of(plan, "dense").get(0);
        assertTrue(dense.program().instructions().contains(new Instruction.TakeSnapshot(Length.parse("500it"))));
        assertFalse(plain.trials().get(0).id().equals(dense.id()));
        plan.requireFits(spec -> 55_000);
        StudyException e = assertThrows(StudyException.class, () -> plan.requireFits(spec -> 1000));
        assertTrue(e.getMessage().contains("500it lies behind the end"), e.getMessage());
        assertThrows(StudyException.class, () -> plan.requireFits(spec -> 49));
    }

    @Test
    void studiesThatCannotBeRun() {
        assertThrows(
                StudyException.class, () -> Plan.outline(study(0, prune("p", TWO_CYCLES, new Recovery.FineTune()))));
        assertThrows(StudyException.class, () -> study(0, DENSE, DENSE));
        Method same = prune("b", TWO_CYCLES, new Recovery.FineTune());
        StudyException twice = assertThrows(
                StudyException.class,
                () -> Plan.outline(study(0, DENSE, prune("a", TWO_CYCLES, new Recovery.FineTune()), same)));
        assertTrue(twice.getMessage().contains("`a` and `b`"), twice.getMessage());
        Method best = new Dense(
                "dense",
                new TrainingSettings(
                        12, 50, new LearningRate.Constant(0.1), 0.9, 0, 0, Penalty.NONE, ReportAt.BEST_VALIDATION));
        assertThrows(StudyException.class, () -> Plan.outline(study(0, best)));
        Plan.outline(study(100, best));
        StudyException far = assertThrows(
                StudyException.class,
                () -> Plan.outline(new Study(
                        "test",
                        "",
                        new DataSpec(new DataSource.Named(Catalog.MNIST), 0),
                        NamedNetwork.LENET_300_100.spec(),
                        Stream.of(DENSE, prune("p", TWO_CYCLES, new Recovery.FineTune()))
                                .map(Entry::of)
                                .toList(),
                        List.of(new CompressionRatio(4), new CompressionRatio(1000)),
                        List.of(new Seed(0)),
                        false,
                        List.of())));
        assertEquals("ratios[1]", far.where());
    }

    /**
     * None of these may ever change: they name folders that people keep. A new option has a default that leaves the canonical
     * text of trials without it as it was.
     */
    @Test
    void identitiesArePinned() {
        Plan plan = Plan.outline(study(
                5000,
                DENSE,
                EQUAL_SIZE,
                prune("p", TWO_CYCLES, new Recovery.FineTune()),
                prune("r", SparsitySchedule.oneShot(), new Recovery.Rewind(Length.epochs(2)))));
        assertEquals(
                "{\"data\":{\"name\":\"mnist\",\"validation\":5000},\"network\":{\"mlp\":[784,300,100,10]},"
                        + "\"training\":{\"epochs\":12,\"batch\":50,\"learning-rate\":{\"constant\":0.1},\"momentum\":0.9},"
                        + "\"method\":{\"kind\":\"dense\",\"snapshots\":[\"2ep\"]},\"ratios\":[\"1\"],\"seed\":0}",
                of(plan, "dense").get(0).canonical().toString());
        assertEquals("7507e92cd6c3", of(plan, "dense").get(0).id().value());
        assertEquals("6bd9ca0acc9b", of(plan, "dense").get(1).id().value());
        assertEquals("6ba9f88dd27d", of(plan, "equal-size").get(0).id().value());
        assertEquals("687d8a6eab20", of(plan, "p").get(0).id().value());
        assertEquals("884c477595da", of(plan, "r").get(0).id().value());
    }

    /** As above: lottery tickets. */
    @Test
    void identitiesOfTicketsArePinned() {
        TrainingSettings training = new TrainingSettings(
                12,
                50,
                new LearningRate.Constant(0.1),
                0.9,
                0,
                0,
                Penalty.NONE,
                ReportAt.LAST,
                Optional.of(Length.parse("100it")),
                true);
        Prune ticket = new Prune(
                "t",
                SaliencyKind.MAGNITUDE.saliency(),
                new FromTrained(
                        training,
                        Scope.LAYER_HALF_OUTPUT,
                        new SparsitySchedule(Law.GEOMETRIC, 1, false),
                        new Recovery.Rewind(Length.parse("0it")),
                        "dense",
                        List.of()));
        Trial trial = of(Plan.outline(study(5000, DENSE, ticket)), "t").get(0);
        assertTrue(
                trial.canonical()
                        .toString()
                        .contains(
                                "\"momentum\":0.9,\"evaluate-every\":\"100it\",\"replay-data\":true},\"method\":{\"kind\":"
                                        + "\"prune\",\"saliency\":\"magnitude\",\"scope\":\"layer-half-output\",\"recovery\":\"rewind 0it\"}"),
                trial.canonical().toString());
        assertEquals("68459b5ba0de", trial.id().value());
    }

    /** As above: small networks from scratch. */
    @Test
    void identitiesOfMethodsFromScratchArePinned() {
        FromScratch scratch = new FromScratch(TRAINING, OptionalInt.empty(), List.of());
        List<Method> methods = List.of(
                new Hashed("a", scratch, WeightHash.Mode.NATIVE, false, 1),
                new Hashed("b", scratch, WeightHash.Mode.NATIVE, false, 2),
                new Hashed("c", scratch, WeightHash.Mode.PAPER, true, 1),
                new Hashed("d", scratch, WeightHash.Mode.PAPER, false, 1),
                new LowRank("e", scratch, 1),
                new RandomEdges("f", scratch, 1),
                new PruneAtInitialization("g", scratch, new SnipSaliency(), Scope.GLOBAL, Law.GEOMETRIC, 1),
                new PruneAtInitialization("h", scratch, new SnipSaliency(7), Scope.LAYER, Law.LINEAR, 3),
                new Rigl("i", scratch, Scope.ERK, Rigl.USUAL),
                new Rigl("j", scratch, Scope.LAYER, new RegrowthSchedule(Length.epochs(2), 0.5, 0.1)),
                DENSE);
        Plan plan = Plan.outline(study(5000, methods.toArray(Method[]::new)));
        assertEquals(
                "{\"kind\":\"hashed\",\"of\":\"784-300-100-10\",\"mode\":\"paper\",\"hash-biases\":true}",
                of(plan, "c").get(0).canonical().get("method").toString());
        assertEquals(
                "{\"kind\":\"prune-at-initialization\",\"of\":\"784-300-100-10\",\"saliency\":\"snip examples=7\","
                        + "\"scope\":\"layer\",\"law\":\"linear\",\"cycles\":3}",
                of(plan, "h").get(0).canonical().get("method").toString());
        assertEquals(
                "{\"kind\":\"rigl\",\"of\":\"784-300-100-10\",\"scope\":\"layer\",\"update-every\":\"2ep\",\"until\":0.5,"
                        + "\"alpha\":0.1}",
                of(plan, "j").get(0).canonical().get("method").toString());
        assertEquals(
                "{\"kind\":\"rigl\",\"of\":\"784-300-100-10\"}",
                of(plan, "i").get(0).canonical().get("method").toString());
        assertEquals(
                List.of(
                        "f44ed866dc54",
                        "49494f2cc527",
                        "52225a196699",
                        "fced17424116",
                        "3be3b4e576e2",
                        "cd1eb8ae9f5d",
                        "055e005e1b20",
                        "029476b4d045",
                        "647c0076f191",
                        "9bf4d5b7fbf1"),
                methods.stream()
                        .limit(10)
                        .map(method -> of(plan, method.name()).get(0).id().value())
                        .toList());
    }

    private static Quantise quantise(String name, Quantizer to, int epochs, String parent, Integer... ratios) {
        return new Quantise(
                name,
                TRAINING.withEpochs(epochs),
                to,
                parent,
                Stream.of(ratios).map(CompressionRatio::new).toList());
    }

    @Test
    void quantisingStartsFromTheRowsOfItsParent() {
        Plan plan = Plan.outline(study(
                0,
                quantise("coded", new Quantizer.Codebook(5), 4, "once"),
                quantise("eight", new Quantizer.Linear(8), 0, "iterative", 8),
                prune("iterative", TWO_CYCLES, new Recovery.FineTune()),
                quantise("half", new Quantizer.Half(), 0, "dense"),
                prune("once", SparsitySchedule.oneShot(), new Recovery.FineTune()),
                DENSE));
        assertEquals(List.of(new CompressionRatio(1)), of(plan, "half").get(0).ratios());
        assertEquals(2, of(plan, "half").size(), "one row of the dense network for each seed");
        assertEquals(6, of(plan, "coded").size());
        for (Trial trial : of(plan, "coded")) {
            Trial parent = plan.trial(trial.parent().orElseThrow());
            assertEquals("once", parent.method());
            assertEquals(trial.ratios(), parent.ratios());
            assertEquals(trial.seed(), parent.seed());
            assertEquals(trial.ratios(), List.of(trial.program().startsAt().orElseThrow()));
            assertTrue(trial.program().inherits());
            assertEquals(parent.epochs() + 4, trial.epochs());
            assertEquals(4, trial.program().scheduleEpochs(trial.ratios().get(0)));
        }
        assertEquals(2, of(plan, "eight").size());
        assertEquals(
                of(plan, "iterative").get(0).id(),
                of(plan, "eight").get(0).parent().orElseThrow());
        assertEquals(0, of(plan, "eight").get(0).program().scheduleEpochs(new CompressionRatio(8)));
        for (Method wrong : List.of(
                quantise("q", new Quantizer.Half(), 0, "nobody"),
                quantise("q", new Quantizer.Half(), 0, "equal-size"),
                quantise("q", new Quantizer.Half(), 0, "half"),
                quantise("q", new Quantizer.Half(), 0, "dense", 2))) {
            Method half = quantise("half", new Quantizer.Half(), 0, "dense");
            StudyException e =
                    assertThrows(StudyException.class, () -> Plan.outline(study(0, DENSE, EQUAL_SIZE, half, wrong)));
            assertEquals("methods[3]", e.where());
            assertTrue(e.getMessage().contains("`q` starts from `"), e.getMessage());
        }
        assertThrows(IllegalArgumentException.class, () -> quantise("q", new Quantizer.Half(), 1, "dense"));
    }

    /** As above: in how few bits, and whether anything is trained then. */
    @Test
    void identitiesOfQuantisedNetworksArePinned() {
        Plan plan = Plan.outline(study(
                5000,
                DENSE,
                prune("p", TWO_CYCLES, new Recovery.FineTune()),
                quantise("a", new Quantizer.Half(), 0, "dense"),
                quantise("b", new Quantizer.Linear(8), 0, "p"),
                quantise("c", new Quantizer.Codebook(5), 3, "p")));
        assertEquals(
                "{\"kind\":\"quantise\",\"to\":\"codebook 5\"}",
                of(plan, "c").get(0).canonical().get("method").toString());
        assertEquals(
                List.of("c21ea6460481", "ef9cbc9753fa", "8a2fa497dc6e"),
                Stream.of("a", "b", "c")
                        .map(name -> of(plan, name).get(0).id().value())
                        .toList());
    }

    /** As above: the names of saliencies, with the parameters that are not at their default. */
    @Test
    void identitiesOfSecondOrderMethodsArePinned() {
        List<Saliency> saliencies = List.of(
                SaliencyKind.OBD.saliency(),
                SaliencyKind.OBD_EXACT.saliency(),
                SaliencyKind.OBD_ABS.saliency(),
                SaliencyKind.OBD_SD.saliency(),
                new ObdSdSaliency(new ObdSdSaliency.MeanPlusSd(2)),
                new ObdSdSaliency(new ObdSdSaliency.PerLayerSd()),
                SaliencyKind.FISHER.saliency(),
                SaliencyKind.TAYLOR.saliency());
        List<Method> methods = new ArrayList<>(List.of(DENSE));
        for (Saliency saliency : saliencies) {
            Prune plain = prune(saliency.name(), TWO_CYCLES, new Recovery.FineTune());
            methods.add(new Prune(plain.name(), saliency, plain.trained()));
        }
        Plan plan = Plan.outline(study(5000, methods.toArray(Method[]::new)));
        assertEquals(
                "{\"kind\":\"prune\",\"saliency\":\"obd-sd c=2\",\"cycles\":2}",
                of(plan, "obd-sd c=2").get(0).canonical().get("method").toString());
        assertEquals(
                List.of(
                        "654e5306c496",
                        "e485a572cb0e",
                        "b6f747c2a56b",
                        "5c3c3fcfa19b",
                        "d8dfc9c82581",
                        "b687ba401c60",
                        "21e80b3cdff9",
                        "ae53d87d2319"),
                saliencies.stream()
                        .map(saliency -> of(plan, saliency.name()).get(0).id().value())
                        .toList());
    }

    /** As above: hidden units, and what is trained afresh. */
    @Test
    void identitiesOfNeuronPruningArePinned() {
        List<Method> methods = new ArrayList<>(List.of(DENSE));
        for (UnitCriterionKind kind : UnitCriterionKind.values()) {
            methods.add(neurons(kind.key(), kind.criterion(), new Recovery.FineTune()));
        }
        methods.add(neurons("masks", new DropoutDamage(64, 0.25, 100), new Recovery.FineTune()));
        methods.add(neurons("afresh", UnitCriterionKind.MERGE.criterion(), new Recovery.Scratch()));
        methods.add(prune("weights afresh", TWO_CYCLES, new Recovery.Scratch()));
        Plan plan = Plan.outline(study(5000, methods.toArray(Method[]::new)));
        assertEquals(
                "{\"kind\":\"prune-neurons\",\"criterion\":\"dropout-damage masks=64 rate=0.25 examples=100\",\"cycles\":2}",
                of(plan, "masks").get(0).canonical().get("method").toString());
        assertEquals(
                List.of(
                        "62c13be898bd",
                        "c9a9486e9070",
                        "c77419e7289c",
                        "b9dea7f04356",
                        "4a733657524a",
                        "da01908ab867",
                        "8ba746bc224a",
                        "9b02d46b9ec4",
                        "b760e35c410d",
                        "a770063ff9a3",
                        "fded2f3ee9bc",
                        "6ca21a697a3e",
                        "964d0e778a3e"),
                methods.stream()
                        .skip(1)
                        .map(method -> of(plan, method.name()).get(0).id().value())
                        .toList());
        assertEquals(
                12 + 3 + 12 + 18,
                of(plan, "afresh").get(0).epochs(),
                "the dense parent, a cycle on the way, and as long as the longest pruned row");
    }

    private static Method neurons(String name, UnitCriterion criterion, Recovery recovery) {
        return new PruneNeurons(
                name,
                criterion,
                new FromTrained(TRAINING.withEpochs(3), Scope.GLOBAL, TWO_CYCLES, recovery, "dense", List.of()));
    }
}
