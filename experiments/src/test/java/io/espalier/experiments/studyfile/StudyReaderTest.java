package io.espalier.experiments.studyfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.compress.CompressionRatio;
import io.espalier.compress.DropoutDamage;
import io.espalier.compress.Law;
import io.espalier.compress.ObdSdSaliency;
import io.espalier.compress.Quantizer;
import io.espalier.compress.Scope;
import io.espalier.compress.SnipSaliency;
import io.espalier.compress.UnitCriterionKind;
import io.espalier.method.EqualSize;
import io.espalier.method.Hashed;
import io.espalier.method.Method;
import io.espalier.method.Prune;
import io.espalier.method.PruneAtInitialization;
import io.espalier.method.PruneNeurons;
import io.espalier.method.Quantise;
import io.espalier.method.Rigl;
import io.espalier.method.SparsitySchedule;
import io.espalier.method.Teacher;
import io.espalier.study.Configuration;
import io.espalier.study.Plan;
import io.espalier.study.PublishedMark;
import io.espalier.train.Distillation;
import io.espalier.train.LearningRate;
import io.espalier.train.Length;
import io.espalier.train.Penalty;
import io.espalier.train.Recovery;
import io.espalier.train.RegrowthSchedule;
import io.espalier.train.ReportAt;
import io.espalier.train.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudyReaderTest {
    private static final String STUDY =
            """
            study: test
            question: Does it read?
            data: { name: mnist, validation: 5000 }
            network: { mlp: [784, 60, 10], activation: tanh, output: sigmoid, loss: mse, init: lecun }
            training:
              epochs: 13ep
              batch: 50
              learning-rate: { step: 0.1, factor: 0.5, every: 4 }
              momentum: 0.9
              dropout: { input: 0.1, hidden: 0.2 }
              penalty: { l1: 1e-6, l2: 1e-4 }
              report-at: best-validation
            methods:
              - dense: {}
              - dense: { name: dense l2, penalty: l2 }
              - equal-size: { penalty: none, epochs: 7, ratios: [3] }
              - prune: { saliency: magnitude, penalty: l1, schedule: { cycles: 3, law: linear, epochs: 2 } }
              - prune: { saliency: magnitude, penalty: l1, scope: layer, from: dense l2, training: { learning-rate: 0.01 } }
              - prune: { saliency: random, schedule: one-shot, recovery: { rewind: 500it } }
              - prune: { saliency: magnitude, schedule: { law: f_k }, recovery: reinit }
            ratios: [2, 4.5]
            seeds: [3, 5]
            """;

    /** The same with the loss that teachers need. */
    private static final String CLASSIFYING =
            STUDY.replace("output: sigmoid, loss: mse", "output: linear, loss: softmax");

    private static Plan read(String text, String... settings) {
        return StudyReader.plan("test.yaml", text, List.of(settings));
    }

    private static Prune prune(Plan plan, int index) {
        return (Prune) plan.study().methods().get(index);
    }

    @Test
    void foldersOfYourOwnTellTrialsApart() {
        Set<String> ids = new HashSet<>();
        for (String kind : List.of("idx", "amat", "npy", "name")) {
            String where = kind.equals("name") ? "mnist" : "own/mnist";
            Plan plan = read(STUDY, "data={ " + kind + ": " + where + ", validation: 5000 }");
            assertEquals("mnist", plan.study().data().source().name());
            ids.add(plan.trials().get(0).id().value());
        }
        assertEquals(4, ids.size(), "the same folder read in another way is another data set");
        assertThrows(StudyFileException.class, () -> read(STUDY, "data={ npy: a, amat: b }"));
    }

    @Test
    void rowsMayLeaveOutTheTrainingPart() {
        Plan usual = read(STUDY);
        Plan without = read(STUDY, "data.training-errors=false");
        assertTrue(usual.study().data().trainingErrors());
        assertFalse(without.study().data().trainingErrors());
        assertEquals(
                usual.trials().get(0).id(),
                read(STUDY, "data.training-errors=true").trials().get(0).id());
        assertFalse(usual.trials().get(0).id().equals(without.trials().get(0).id()), "their files differ");
        assertFalse(without.study().data().withoutValidation().trainingErrors());
    }

    @Test
    void everythingIsRead() {
        Plan plan = read(STUDY);
        assertEquals("Does it read?", plan.study().question());
        assertEquals(5000, plan.study().data().validation());
        Method dense = plan.study().methods().get(0);
        assertEquals(13, dense.training().epochs());
        assertEquals(new LearningRate.Step(0.1, 0.5, 4), dense.training().learningRate());
        assertEquals(new Penalty(1e-6, 1e-4), dense.training().penalty());
        assertEquals(ReportAt.BEST_VALIDATION, dense.training().reportAt());
        assertEquals(0.2, dense.training().hiddenDropout());
        assertEquals(
                new Penalty(0, 5e-4), plan.study().methods().get(1).training().penalty());
        EqualSize equalSize = (EqualSize) plan.study().methods().get(2);
        assertEquals(7, equalSize.scratch().epochs().getAsInt());
        assertEquals(List.of(new CompressionRatio(3)), equalSize.ratios());
        assertEquals(Penalty.NONE, equalSize.training().penalty());
        assertEquals(3, prune(plan, 3).trained().schedule().cycles());
        assertEquals(2, prune(plan, 3).training().epochs());
        assertEquals(Law.LINEAR, prune(plan, 3).trained().schedule().law());
        assertEquals(3, prune(plan, 4).training().epochs(), "a sixth of 13, rounded up");
        assertEquals(Scope.LAYER, prune(plan, 4).trained().scope());
        assertEquals("dense l2", prune(plan, 4).trained().parent());
        assertEquals(new LearningRate.Constant(0.01), prune(plan, 4).training().learningRate());
        assertEquals(
                new Recovery.Rewind(Length.parse("500it")),
                prune(plan, 5).trained().recovery());
        assertEquals(13, prune(plan, 5).training().epochs());
        assertEquals(15, prune(plan, 6).trained().schedule().cycles());
        assertEquals(
                List.of(3L, 5L),
                plan.study().seeds().stream().map(seed -> seed.value()).toList());
    }

    @Test
    void methodsAreNamedByWhatTellsThemApart() {
        List<String> names =
                read(STUDY).study().methods().stream().map(Method::name).toList();
        assertEquals(
                List.of(
                        "dense",
                        "dense l2",
                        "equal-size",
                        "prune magnitude l1",
                        "prune magnitude l1 layer",
                        "prune random",
                        "prune magnitude"),
                names);
    }

    @Test
    void pruningBringsItsDenseParentAlong() {
        String text = STUDY.replace("  - dense: {}\n", "")
                .replace("  - dense: { name: dense l2, penalty: l2 }\n", "")
                .replace(", from: dense l2", "");
        Plan plan = read(text);
        assertEquals("dense", plan.trials().get(0).method());
        assertEquals(
                plan.study().methods().size() - 1,
                plan.study().methods().stream().map(Method::name).toList().indexOf("dense"),
                "last, so that places in the file stay right");
    }

    @Test
    void saliencyWithParameters() {
        Plan plan = read(
                STUDY,
                "methods.3.prune.saliency=obd-sd",
                "methods.4.prune.saliency={ obd-sd: { reading: per-layer-sd } }",
                "methods.6.prune.saliency={ obd-sd: { reading: mean-plus-sd, c: 2 } }");
        assertEquals(new ObdSdSaliency(), prune(plan, 3).saliency());
        assertEquals(
                new ObdSdSaliency(new ObdSdSaliency.PerLayerSd()),
                prune(plan, 4).saliency());
        assertEquals("prune obd-sd l1", prune(plan, 3).name());
        assertEquals("prune obd-sd per-layer-sd l1", prune(plan, 4).name());
        assertEquals("prune obd-sd c=2", prune(plan, 6).name());
        assertEquals(
                read(STUDY, "methods.3.prune.saliency=obd-sd").trials().stream()
                        .map(trial -> trial.id())
                        .toList(),
                read(STUDY, "methods.3.prune.saliency={ obd-sd: { reading: mean-plus-sd, c: 1 } }").trials().stream()
                        .map(trial -> trial.id())
                        .toList(),
                "what is at its default leaves no trace");
    }

    private static final String NEURONS = STUDY.replace(
            "ratios: [2, 4.5]",
            """
              - prune-neurons: { criterion: weight-norm, scope: layer, schedule: one-shot, recovery: scratch }
              - prune-neurons: { criterion: { dropout-damage: { masks: 64, rate: 0.2 } }, schedule: { cycles: 2 }, penalty: none }
              - prune: { saliency: obd, schedule: { cycles: 2, epochs: 4 }, recovery: scratch }
            ratios: [2, 4.5]
            """
                    .stripTrailing());

    @Test
    void hiddenUnits() {
        Plan plan = read(NEURONS);
        PruneNeurons first = (PruneNeurons) plan.study().methods().get(7);
        assertEquals(UnitCriterionKind.WEIGHT_NORM.criterion(), first.criterion());
        assertEquals(Scope.LAYER, first.trained().scope());
        assertEquals(new Recovery.Scratch(), first.trained().recovery());
        assertEquals("prune-neurons weight-norm", first.name());
        PruneNeurons second = (PruneNeurons) plan.study().methods().get(8);
        assertEquals(new DropoutDamage(64, 0.2, new DropoutDamage().examples()), second.criterion());
        assertEquals(3, second.training().epochs(), "a sixth of 13, rounded up");
        assertEquals("prune-neurons dropout-damage masks=64 rate=0.2 no penalty", second.name());
        assertEquals("prune obd", plan.study().methods().get(9).name());
        assertEquals(4, prune(plan, 9).training().epochs(), "the way there is as long as it is said to be");
        StudyFileException unknown =
                assertThrows(StudyFileException.class, () -> read(NEURONS, "methods.7.prune-neurons.criterion=merg"));
        assertTrue(unknown.getMessage().contains("`merge`"), unknown.getMessage());
        StudyFileException masks = assertThrows(
                StudyFileException.class,
                () -> read(NEURONS, "methods.7.prune-neurons.criterion={ dropout-damage: { masks: 1 } }"));
        assertTrue(masks.getMessage().contains("at least two masks"), masks.getMessage());
        StudyFileException far =
                assertThrows(StudyFileException.class, () -> read(NEURONS, "methods.7.prune-neurons.ratios=[2, 1000]"));
        assertTrue(far.getMessage().contains("Even the narrowest form"), far.getMessage());
        StudyFileException last = assertThrows(
                StudyFileException.class, () -> read(NEURONS, "methods.9.prune.schedule={ cycles: 2, last: 3 }"));
        assertTrue(last.getMessage().contains("as long as methods from scratch"), last.getMessage());
    }

    @Test
    void cutsThatWaitForTheTrainingAccuracy() {
        Plan plan = read(
                STUDY,
                "methods.6.prune.recovery=continue",
                "methods.6.prune.schedule={ law: f_k, epochs: 25, until: { train-accuracy: 0.99 }, last: 50ep }",
                "methods.3.prune.schedule.last=4");
        assertEquals(
                new SparsitySchedule(
                        Law.F_K, 15, true, OptionalDouble.of(0.99), OptionalInt.of(50), java.util.Optional.empty()),
                prune(plan, 6).trained().schedule());
        assertEquals(25, prune(plan, 6).training().epochs());
        assertEquals(new Recovery.Continue(), prune(plan, 6).trained().recovery());
        assertEquals(
                13 + 14 * 25 + 50, plan.trials().get(plan.trials().size() - 1).epochs());
        assertEquals(OptionalInt.of(4), prune(plan, 3).trained().schedule().lastEpochs());
        Plan two = read(STUDY.replace("schedule: { law: f_k }", "schedule: { cycles: 2 }")
                .replace(
                        "random, schedule: one-shot",
                        "magnitude, schedule: { cycles: 2, until: { train-accuracy: 0.9 } }")
                .replace("recovery: { rewind: 500it }", "recovery: reinit")
                .replace("recovery: reinit", "recovery: fine-tune"));
        assertEquals("prune magnitude 2 cycles", prune(two, 6).name());
        assertEquals("prune magnitude 2 cycles until 0.9", prune(two, 5).name());
    }

    @Test
    void settingsChangeTheStudy() {
        Plan plan =
                read(STUDY, "training.epochs=1", "methods.3.prune.schedule.cycles=1", "seeds=1", "data.validation=10");
        assertEquals(1, plan.study().methods().get(0).training().epochs());
        assertEquals(1, prune(plan, 3).trained().schedule().cycles());
        assertEquals(10, plan.study().data().validation());
    }

    private static List<String> labels(Plan plan, int index) {
        return plan.study().entries().get(index).configurations().stream()
                .map(Configuration::label)
                .toList();
    }

    @Test
    void tunedKeysMakeConfigurationsOfEveryMethod() {
        String tune =
                "tune: { training.learning-rate: [0.1, { cosine: 0.2 }], training.dropout.hidden: [0, 0.5], budget: 4 }\n";
        Plan plan = read(STUDY + tune);
        assertEquals(
                List.of(
                        "training.learning-rate 0.1, training.dropout.hidden 0",
                        "training.learning-rate 0.1, training.dropout.hidden 0.5",
                        "training.learning-rate { cosine: 0.2 }, training.dropout.hidden 0",
                        "training.learning-rate { cosine: 0.2 }, training.dropout.hidden 0.5"),
                labels(plan, 0));
        TrainingSettings last =
                plan.study().entries().get(0).configurations().get(3).method().training();
        assertEquals(new LearningRate.Cosine(0.2), last.learningRate());
        assertEquals(0.5, last.hiddenDropout());
        assertEquals(0.9, last.momentum(), "the rest stays");
        assertEquals("dense", plan.study().entries().get(0).name());
        assertEquals(4, plan.study().entries().get(4).configurations().size());
        assertEquals(7, plan.contests().size(), "one choice a method");
        Plan drawn = read(STUDY + tune.replace("budget: 4", "budget: 3"));
        assertEquals(3, labels(drawn, 0).size());
        assertTrue(labels(plan, 0).containsAll(labels(drawn, 0)));
        assertEquals(labels(drawn, 0), labels(drawn, 3), "the same draws for all");
        Plan each = read(STUDY + tune.replace("budget: 4", "budget: 4, per: ratio"));
        assertEquals(7 + 2, each.contests().size(), "one-shot and f_k choose at both ratios");
        assertEquals(
                2,
                read(STUDY + tune, "tune.training.dropout.hidden=[0.5]")
                        .study()
                        .entries()
                        .get(0)
                        .configurations()
                        .size());
    }

    @Test
    void smallNetworksFromScratch() {
        String pruning = CLASSIFYING.replace("{ saliency: random,", "{ saliency: random, distill: {},");
        Plan plan = read(pruning.replace(
                "  - equal-size: { penalty: none",
                """
                  - hashed: {}
                  - hashed: { mode: paper, epochs: 4 }
                  - hashed: { mode: paper, hash-biases: false }
                  - hashed: { expand: 8, training: { momentum: 0 } }
                  - low-rank: { ratios: [2] }
                  - random-edges: { expand: 2 }
                  - hashed: { distill: { temperature: 2 } }
                  - prune-neurons: { criterion: taylor }
                  - prune-neurons: { criterion: taylor, distill: { weight: 1 } }
                  - equal-size: { penalty: none"""
                        .indent(2)
                        .stripTrailing()));
        List<Method> methods = plan.study().methods();
        assertEquals(
                List.of(
                        "hashed",
                        "hashed paper",
                        "hashed paper dense biases",
                        "hashed 8x wide",
                        "low-rank",
                        "random-edges",
                        "hashed distilled",
                        "prune-neurons taylor",
                        "prune-neurons taylor distilled"),
                methods.stream().map(Method::name).toList().subList(2, 11));
        assertEquals(Optional.empty(), ((PruneNeurons) methods.get(9)).trained().distillation());
        assertEquals(
                Optional.of(new Distillation(4, 1)),
                ((PruneNeurons) methods.get(10)).trained().distillation());
        assertEquals(
                Optional.of(new Distillation(4, 0.5)),
                ((Prune) methods.get(14)).trained().distillation());
        Teacher teacher = ((Hashed) methods.get(8)).scratch().teacher().orElseThrow();
        assertEquals(new Teacher("dense", new Distillation(2, 0.5)), teacher);
        assertEquals(4, methods.get(3).ownEpochs(1).orElseThrow());
        assertEquals(0, methods.get(5).training().momentum());
        assertEquals(List.of(new CompressionRatio(2)), methods.get(6).ratios());
    }

    private static final String EQUAL_SIZE = "equal-size: { penalty: none, epochs: 7, ratios: [3] }";

    @Test
    void quantisedRows() {
        Plan plan = read(STUDY.replace(
                "  - " + EQUAL_SIZE,
                """
                  - quantise: { to: half }
                  - quantise: { to: { linear: 8 }, from: prune magnitude l1 }
                  - quantise: { to: { codebook: 5 }, from: prune magnitude l1, epochs: 4, training: { learning-rate: 1e-4 } }
                  - quantise: { to: { codebook: 5 }, from: prune magnitude l1 }
                  - quantise: { to: { codebook: 5 }, from: prune random, ratios: [4.5] }
                """
                        .stripTrailing()));
        List<Method> methods = plan.study().methods().subList(2, 7);
        assertEquals(
                List.of(
                        "quantise half",
                        "quantise linear 8",
                        "quantise codebook 5 from prune magnitude l1 4 epochs",
                        "quantise codebook 5 from prune magnitude l1",
                        "quantise codebook 5 from prune random"),
                methods.stream().map(Method::name).toList());
        Quantise trained = (Quantise) methods.get(2);
        assertEquals(new Quantizer.Codebook(5), trained.to());
        assertEquals("prune magnitude l1", trained.parent());
        assertEquals(4, trained.training().epochs());
        assertEquals(new LearningRate.Constant(1e-4), trained.training().learningRate());
        assertEquals(0.9, trained.training().momentum());
        assertEquals(0, methods.get(3).training().epochs(), "not trained unless told");
        List<Integer> rows = methods.stream()
                .map(method -> (int) plan.trials().stream()
                        .filter(trial -> trial.method().equals(method.name()))
                        .count())
                .toList();
        assertEquals(List.of(2, 4, 4, 4, 2), rows, "two seeds, one row or both");
        Plan tuned = read(STUDY.replace(
                        EQUAL_SIZE, "quantise: { to: half, from: prune random, tune: { to: [half, { codebook: 3 }] } }")
                + "tune: { budget: 2, per: ratio }\n");
        assertEquals(List.of("to half", "to { codebook: 3 }"), labels(tuned, 2));
        assertEquals(2, tuned.contests().size(), "one choice a ratio");
    }

    @Test
    void publishedRatiosAreOfParametersUnlessTheySayOfBytes() {
        String marks =
                "published: [{ source: a, ratio: 12, error: 1.59 }, { source: b, ratio: 40, of: bytes, error: 1.58 }]\n";
        assertEquals(
                List.of(PublishedMark.Measure.PARAMETERS, PublishedMark.Measure.BYTES),
                read(STUDY + marks).study().published().stream()
                        .map(PublishedMark::of)
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{ to: hlaf } | 16:21 | Did you mean `half`?",
                "{ to: { linaer: 8 } } | 16:23 | Did you mean `linear`?",
                "{ to: { linear: 8, codebook: 5 } } | 16:21 | one of half, { linear: 8 }, { codebook: 5 }",
                "{ to: { linear: 1 } } | 16:31 | Linear quantisation has 2 to 16 bits, got 1.",
                "{ to: { codebook: 9 } } | 16:33 | Entries of a codebook have 1 to 8 bits, got 9.",
                "{ to: { codebook: five } } | 16:33 | must be a whole number",
                "{ to: half, epochs: 3 } | 16:27 | Only the entries of a codebook are trained.",
                "{ to: { codebook: 5 }, training: { epochs: 3 } } | 16:48 | Take `epochs` out of `training`.",
                "{ from: dense } | 16:15 | lacks `to`",
                "{ to: half, from: nobody } | 16:5 | neither a dense nor a pruning method of this study",
                "{ to: half, ratios: [2] } | 16:5 | starts from `dense`, which has no row at ratio 2.",
                "{ to: half, from: prune random, ratios: [3] } | 16:5 | has no row at ratio 3. Take that out of `ratios`.",
            })
    void mistakesOfQuantisingAreRefusedWithTheirPlace(String options, String place, String message) {
        StudyFileException e =
                assertThrows(StudyFileException.class, () -> read(STUDY.replace(EQUAL_SIZE, "quantise: " + options)));
        assertTrue(e.getMessage().startsWith("test.yaml:" + place + ": "), e.getMessage());
        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertTrue(e.getMessage().split("[.?] ").length <= 3, "place and two sentences: " + e.getMessage());
    }

    @Test
    void pruningBeforeTraining() {
        Plan plan = read(CLASSIFYING.replace(
                "  - equal-size: { penalty: none",
                """
                  - prune: { saliency: snip, from: scratch }
                  - prune: { saliency: { snip: { examples: 7 } }, from: scratch, epochs: 4, ratios: [3] }
                  - prune: { saliency: magnitude, penalty: l1, from: scratch, schedule: { law: f_k } }
                  - prune: { saliency: snip, from: scratch, scope: layer, distill: {}, schedule: { cycles: 3, law: linear } }
                  - equal-size: { penalty: none"""
                        .indent(2)
                        .stripTrailing()));
        List<Method> methods = plan.study().methods();
        assertEquals(
                List.of(
                        "prune snip from scratch",
                        "prune snip examples=7",
                        "prune magnitude l1 from scratch",
                        "prune snip from scratch layer",
                        "equal-size",
                        "prune magnitude l1"),
                methods.stream().map(Method::name).toList().subList(2, 8));
        PruneAtInitialization seven = (PruneAtInitialization) methods.get(3);
        assertEquals(new SnipSaliency(7), seven.saliency());
        assertEquals(4, seven.ownEpochs(1).orElseThrow());
        assertEquals(15, ((PruneAtInitialization) methods.get(4)).cuts());
        PruneAtInitialization taught = (PruneAtInitialization) methods.get(5);
        assertEquals(
                new PruneAtInitialization(
                        "prune snip from scratch layer",
                        taught.scratch(),
                        new SnipSaliency(),
                        Scope.LAYER,
                        Law.LINEAR,
                        3),
                taught);
        assertTrue(taught.scratch().teacher().isPresent());
        assertEquals(Optional.empty(), seven.from());
        for (String cycles : List.of(
                "100:", "100:schedule: { law: linear },", "7:schedule: { cycles: 7 },", "1:schedule: one-shot,")) {
            Plan synflow = read(STUDY.replace(
                    "random, schedule: one-shot, recovery: { rewind: 500it }",
                    "synflow, " + cycles.substring(cycles.indexOf(':') + 1) + " from: scratch"));
            assertEquals(
                    Integer.parseInt(cycles.substring(0, cycles.indexOf(':'))),
                    ((PruneAtInitialization) synflow.study().methods().get(5)).cuts());
        }
    }

    @Test
    void masksThatMove() {
        Plan plan = read(STUDY.replace(
                "  - equal-size: { penalty: none",
                """
                  - rigl: {}
                  - rigl: { update-every: 1ep, until: 0.5, alpha: 0.2, scope: layer, epochs: 4, ratios: [3] }
                  - rigl: { update-every: 50it, penalty: l2 }
                  - rigl: { alpha: 0.1, penalty: l2 }
                  - equal-size: { penalty: none"""
                        .indent(2)
                        .stripTrailing()));
        List<Method> methods = plan.study().methods();
        Rigl all = (Rigl) methods.get(3);
        assertEquals(
                new Rigl("rigl layer", all.scratch(), Scope.LAYER, new RegrowthSchedule(Length.epochs(1), 0.5, 0.2)),
                all);
        assertEquals(4, all.ownEpochs(1).orElseThrow());
        assertEquals(new Rigl("rigl", ((Rigl) methods.get(2)).scratch(), Scope.ERK, Rigl.USUAL), methods.get(2));
        assertEquals(
                List.of("rigl l2 every 50it", "rigl l2 every 100it"),
                methods.stream().map(Method::name).toList().subList(4, 6));
    }

    @Test
    void ticketsSeeTheSameBatchesAgainAndAreLookedAtOften() {
        Plan plan = read(
                STUDY,
                "training.evaluate-every=100it",
                "training.replay-data=true",
                "methods.5.prune.saliency=magnitude",
                "methods.5.prune.scope=layer-half-output",
                "methods.5.prune.training={ evaluate-every: 2ep }");
        for (Method method : plan.study().methods()) {
            assertTrue(method.training().replayData(), method.name());
        }
        assertEquals(
                Optional.of(Length.parse("100it")), prune(plan, 4).training().evaluateEvery());
        assertEquals(Optional.of(Length.parse("2ep")), prune(plan, 5).training().evaluateEvery());
        assertEquals(Scope.LAYER_HALF_OUTPUT, prune(plan, 5).trained().scope());
        assertFalse(read(STUDY, "training.replay-data=false")
                .study()
                .methods()
                .get(0)
                .training()
                .replayData());
        StudyFileException blind = assertThrows(
                StudyFileException.class,
                () -> read(STUDY.replace("best-validation", "last\n  evaluate-every: 1ep"), "data.validation=0"));
        assertTrue(blind.getMessage().contains("`dense` looks at the validation loss"), blind.getMessage());
        assertEquals(
                read(STUDY).trials().get(0).id(),
                read(STUDY, "training.replay-data=false").trials().get(0).id());
    }

    @Test
    void aMethodsOwnTuneReplacesTheKeysNotTheBudget() {
        String own = STUDY.replace(
                "schedule: { cycles: 3, law: linear",
                "tune: { schedule.cycles: [1, 2] }, schedule: { cycles: 3, law: linear");
        Plan plan = read(own + "tune: { training.learning-rate: [0.1, 0.2], budget: 2 }\n");
        assertEquals(List.of("schedule.cycles 1", "schedule.cycles 2"), labels(plan, 3));
        assertEquals("training.learning-rate 0.1", labels(plan, 4).get(0));
        StudyFileException none = assertThrows(StudyFileException.class, () -> read(own));
        assertTrue(none.getMessage().startsWith("test.yaml:17:56: "), none.getMessage());
        assertTrue(none.getMessage().contains("tune: { budget: 4 }"), none.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{ training.learning-rate: [0.1] } | 23:7 | lacks `budget`",
                "{ training.learning-rate: 0.1, budget: 2 } | 23:33 | must be a list",
                "{ training.learning-rate: [], budget: 2 } | 23:33 | at least one value",
                "{ training.learning-rat: [0.1, 0.2], budget: 2 } | 23:33 | Did you mean `learning-rate`?",
                "{ name.x: [1, 2], budget: 2 } | 23:18 | cannot be set below a plain value",
                "{ training.momentum: [0.1, 0.10], budget: 2 } | 14:5 | Two configurations of `dense`",
                "{ training.momentum: [0.1, 2], budget: 2 } | 23:34 | Momentum must be at least 0 and below 1",
                "{ budget: 0 } | 23:17 | at least 1, got 0"
            })
    void tuningMistakesAreRefusedWithTheirPlace(String tune, String place, String message) {
        String text = STUDY.replace("  - dense: {}", "  - dense: { name: dense }");
        StudyFileException e = assertThrows(StudyFileException.class, () -> read(text + "tune: " + tune + "\n"));
        assertTrue(e.getMessage().startsWith("test.yaml:" + place + ": "), e.getMessage());
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    @Test
    void methodsThatDoNotFitTheNetworkAreRefusedWithTheirPlace() {
        String merging = STUDY.replaceFirst("network: .*", "network: lenet-5")
                .replace(EQUAL_SIZE, "prune-neurons: { criterion: merge }");
        assertEquals(
                "test.yaml:16:5: Units can be merged in fully connected networks only, not in lenet-5. Take another `criterion`.",
                assertThrows(StudyFileException.class, () -> read(merging)).getMessage());
        String taught = STUDY.replace(
                EQUAL_SIZE, "equal-size: { epochs: 7, distill: { from: dense, temperature: 4, weight: 0.5 } }");
        assertEquals(
                "test.yaml:16:5: Only networks with the softmax loss learn from a teacher. Leave out `distill`.",
                assertThrows(StudyFileException.class, () -> read(taught)).getMessage());
    }

    /** Each line: what to replace, by what, where the complaint must point, and what it must contain. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "batch: 50 | bach: 50 | 7:3 | Unknown key `bach` in `training`. Did you mean `batch`?",
                "batch: 50 | batch: fifty | 7:10 | must be a whole number",
                "momentum: 0.9 | batch: 60 | 9:3 | `batch` is given twice here. Keep one of them.",
                "[2, 4.5] | [0.5, 4] | 21:10 | A compression ratio is at least 1, got 0.5.",
                "[2, 4.5] | [2, 3000] | 21:13 | Lower the ratio",
                "[2, 4.5] | [4, 2] | 21:9 | Ratios must ascend",
                "[784, 60, 10] | [784, 0, 10] | 4:17 | at least one unit, got 0",
                "name: mnist | name: mnits | 3:15 | Did you mean `mnist`?",
                "saliency: random | saliency: rnadom | 19:24 | Did you mean `random`?",
                "saliency: random | saliency: { obd-sd: { reading: other } } | 19:45 | Valid names:",
                "saliency: random | saliency: { obd-sd: { reading: per-layer-sd, c: 1 } } | 19:62 | Take it out.",
                "saliency: random | saliency: { obd-sd: { c: -1 } } | 19:39 | at least 0, got -1.0.",
                "saliency: random | saliency: { magnitude: {} } | 19:26 | Unknown key `magnitude`",
                "saliency: random | saliency: { snip: { examples: 0 } } | 19:44 | one example at least, got 0.",
                "schedule: one-shot, recovery | from: scratch, recovery | 19:47 | Take `recovery` out.",
                "one-shot, recovery: { rewind: 500it } | { epochs: 3 }, from: scratch | 19:42 | Take `epochs` out of `schedule`.",
                "one-shot, recovery: { rewind: 500it } | one-shot, from: scratch, expand: 2 | 19:67 | Unknown key `expand`",
                "equal-size: { penalty: none | rigl: { until: 0, penalty: none | 16:11 | above 0 and at most 1, got 0.0",
                "equal-size: { penalty: none | rigl: { update-every: 100, penalty: none | 16:27 | written like 40ep",
                "equal-size: { penalty: none | rigl: { scope: global, penalty: none | 16:20 | cannot be `global`",
                "equal-size: { penalty: none | rigl: { distill: {}, penalty: none | 16:13 | Unknown key `distill`",
                "saliency: random | saliency: random, distill: { from: dense } | 19:43 | learns from the one that it was cut from",
                "saliency: random | saliency: random, distill: { weight: 2 } | 19:41 | above 0 and at most 1, got 2.0",
                "saliency: random | saliency: random, distill: {} | 19:5 | softmax",
                "name: dense l2 | name: scratch | 15:20 | Give this method another `name`.",
                "epochs: 2 } | epochs: 2, until: 0.9 } | 17:102 | must be a map",
                "epochs: 2 } | epochs: 2, until: { accuracy: 0.9 } } | 17:104 | Valid names: train-accuracy.",
                "epochs: 2 } | epochs: 2, until: { train-accuracy: 99 } } | 17:58 | above 0 and at most 1, got 99.0.",
                "epochs: 2 } | epochs: 2, last: 0 } | 17:101 | at least one epoch",
                "cycles: 3 | until: { train-accuracy: 0.9 } | 17:58 | With one cycle to a ratio",
                "law: f_k | last: 3 | 20:45 | Take `last` out of `schedule`.",
                "recovery: reinit | training: { learning-rate: { cosine: 1 } }, recovery: continue | 20:12 | cannot go on",
                "13ep | 13it | 6:11 | Epochs are a whole number such as 60 or 60ep, got `13it`.",
                "13ep | 0 | 6:11 | at least one epoch",
                "momentum: 0.9 | evaluate-every: 100 | 9:19 | written like 40ep (epochs) or 2000it (steps), got 100.",
                "momentum: 0.9 | evaluate-every: 0it | 6:3 | Evaluations cannot be 0it apart.",
                "momentum: 0.9 | replay-data: maybe | 9:16 | cannot be `maybe`",
                "input: 0.1 | input: 1.0 | 6:3 | Input dropout must be at least 0 and below 1",
                "rewind: 500it | rewind: 500 | 19:72 | written like 40ep (epochs) or 2000it (steps)",
                "rewind: 500it | rewind: 13ep | 19:72 | not before the end of training",
                "from: dense l2 | from: nobody | 18:5 | starts from `nobody`, which is not a dense method",
                "- equal-size: | - equal_size: | 16:5 | Did you mean `equal-size`?",
                "equal-size: { penalty: none | hashed: { hash-biases: true, penalty: none | 16:15 | in `mode: paper` only",
                "equal-size: { penalty: none | hashed: { mode: papre, penalty: none | 16:21 | Did you mean `paper`?",
                "equal-size: { penalty: none | hashed: { expand: 0, penalty: none | 16:23 | a whole number from 1, got 0",
                "ratios: [3] } | ratios: [3000] } | 16:5 | leave out `equal-size",
                "ratios: [3] } | distill: { temperature: 0 } } | 16:54 | The temperature of a teacher is above 0, got 0.0",
                "ratios: [3] } | distill: { from: nobody } } | 16:5 | `nobody`, which is not a dense method",
                "test | a/b | 1:8 | A study's name is also a folder",
                "validation: 5000 | validation: 0 | 3:7 | no examples are held back",
                "seeds: [3, 5] | seeds: [3, 3] | 22:12 | stands twice",
                "seeds: [3, 5] | seeds: many | 22:8 | must be a whole number",
                "question: | question: [ | 2:25 | This is not YAML",
                "{ name: mnist, validation: 5000 } | mnist | 3:7 | must be a map",
                "learning-rate: { step: 0.1, factor: 0.5, every: 4 } | learning-rate: -1 | 8:18 | must be a positive number"
            })
    void mistakesAreRefusedWithTheirPlace(String from, String to, String place, String message) {
        assertTrue(STUDY.contains(from));
        StudyFileException e = assertThrows(
                StudyFileException.class, () -> read(STUDY.replaceFirst(java.util.regex.Pattern.quote(from), to)));
        assertTrue(e.getMessage().startsWith("test.yaml:" + place + ": "), e.getMessage());
        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertTrue(e.getMessage().split("[.?] ").length <= 3, "place and two sentences: " + e.getMessage());
    }

    @Test
    void theGuidesExampleIsAStudy() throws IOException {
        String guide = Files.readString(Path.of("../docs/study-files.md"));
        int start = guide.indexOf("```yaml\n") + "```yaml\n".length();
        Plan plan = read(guide.substring(start, guide.indexOf("```", start)));
        assertEquals(3 * (1 + 2 + 2), plan.rows());
        assertEquals(3, plan.contests().size());
    }

    @Test
    void missingKeysAreNamed() {
        for (String key : List.of("study", "data", "network", "training", "methods", "seeds")) {
            String text = STUDY.replaceFirst("(?m)^" + key + ":.*\\n( .*\\n)*", "");
            StudyFileException e = assertThrows(StudyFileException.class, () -> read(text));
            assertTrue(e.getMessage().contains("lacks `" + key + "`"), e.getMessage());
        }
    }

    @Test
    void settingsThatLeadNowhere() {
        for (String setting : List.of("nonsense", "trainin.epochs=3", "ratios.7=2", "seeds.1.2=3", "=3")) {
            StudyFileException e = assertThrows(StudyFileException.class, () -> read(STUDY, setting));
            assertTrue(e.getMessage().startsWith("--set " + setting), e.getMessage());
        }
        StudyFileException unknown = assertThrows(StudyFileException.class, () -> read(STUDY, "training.epoch=3"));
        assertTrue(unknown.getMessage().contains("--set training.epoch=3"), unknown.getMessage());
    }

    @Test
    void emptyAndHostileFiles() {
        assertThrows(StudyFileException.class, () -> read(""));
        assertThrows(StudyFileException.class, () -> read("- 1"));
        assertThrows(StudyFileException.class, () -> read("a: &a [*a]"));
        assertThrows(StudyFileException.class, () -> read("study: !!java.lang.Runtime {}"));
        assertThrows(StudyFileException.class, () -> read("[".repeat(5000)));
    }

    @Test
    void nearestNames() {
        assertEquals(0, Nearest.distance("epochs", "epochs"));
        assertEquals(1, Nearest.distance("epcohs", "epochs"), "neighbours swapped");
        assertEquals("Valid names: a, b.", Nearest.hint("completely-else", List.of("a", "b")));
    }
}
