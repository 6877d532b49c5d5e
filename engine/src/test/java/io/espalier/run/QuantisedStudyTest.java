package io.espalier.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.backend.Backend;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.Law;
import io.espalier.compress.Quantizer;
import io.espalier.compress.SaliencyKind;
import io.espalier.data.Catalog;
import io.espalier.data.DataSource;
import io.espalier.data.DataSpec;
import io.espalier.method.Dense;
import io.espalier.method.FromTrained;
import io.espalier.method.Method;
import io.espalier.method.Prune;
import io.espalier.method.SparsitySchedule;
import io.espalier.network.ModelFile;
import io.espalier.network.Network;
import io.espalier.network.Parameters;
import io.espalier.network.Representation;
import io.espalier.network.SafeTensors;
import io.espalier.network.StoreSpec;
import io.espalier.random.Seed;
import io.espalier.study.Configuration;
import io.espalier.study.Contest;
import io.espalier.study.Entry;
import io.espalier.study.Plan;
import io.espalier.study.Purpose;
import io.espalier.study.Study;
import io.espalier.study.Trial;
import io.espalier.train.Evaluator;
import io.espalier.train.Part;
import io.espalier.train.Recovery;
import io.espalier.train.ResidentData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Studies in which trained networks are put into fewer bits: whose they are, how large, and what their files say. */
class QuantisedStudyTest {
    private static final CompressionRatio TWO = new CompressionRatio(2);
    private static final CompressionRatio FOUR = new CompressionRatio(4);

    @TempDir
    private Path folder;

    private Plan run(Study study) {
        Path into = folder.resolve("run");
        try (RunDirectory directory = RunDirectory.open(
                into,
                study,
                "text",
                ToyStudy.BUILD,
                ToyStudy.DATA,
                new RunDirectory.Executor("cpu", "", 1),
                Shard.WHOLE)) {
            Scheduler.Outcome outcome = Scheduler.run(
                    study,
                    ToyStudy.DATA,
                    List.of(new Device("cpu", 8, CpuBackend::new)),
                    directory,
                    Progress.NONE,
                    RunControl.undisturbed());
            assertEquals(0, outcome.failures());
            assertFalse(outcome.isIncomplete());
            return outcome.plan();
        }
    }

    private static Study study(boolean refit, Entry... entries) {
        return new Study(
                "toy",
                "",
                new DataSpec(new DataSource.Named(Catalog.MNIST), 20),
                ToyStudy.NETWORK,
                List.of(entries),
                List.of(TWO, FOUR),
                List.of(new Seed(0), new Seed(1)),
                refit,
                List.of());
    }

    private static final Method DENSE = new Dense("dense", ToyStudy.settings(0.05));

    private static Method prune(double rate, SparsitySchedule schedule) {
        Prune usual = ToyStudy.prune("prune", SaliencyKind.MAGNITUDE.saliency(), schedule, new Recovery.FineTune());
        return new Prune(
                "prune",
                usual.saliency(),
                new FromTrained(
                        ToyStudy.settings(rate).withEpochs(2),
                        usual.trained().scope(),
                        schedule,
                        usual.trained().recovery(),
                        "dense",
                        List.of()));
    }

    private static Entry tuned(Method... configurations) {
        List<Configuration> all = new ArrayList<>();
        for (Method method : configurations) {
            all.add(new Configuration("number " + all.size(), method));
        }
        return new Entry(all, true, "");
    }

    private static List<Trial> of(Plan plan, String method) {
        return plan.trials().stream()
                .filter(trial -> trial.method().equals(method))
                .toList();
    }

    private Path file(Trial trial, CompressionRatio ratio) {
        Path own = folder.resolve("run/trials").resolve(trial.id().value());
        return (trial.ratios().size() == 1 ? own : own.resolve("ratio-" + ratio)).resolve("model.safetensors");
    }

    private Parameters model(Trial trial, CompressionRatio ratio) {
        return ModelFile.read(ToyStudy.NETWORK, file(trial, ratio));
    }

    private TrialResult.Row row(Trial trial, CompressionRatio ratio) {
        return RunDirectory.readResult(folder.resolve("run"), trial)
                .orElseThrow()
                .row(ratio)
                .orElseThrow();
    }

    /** The file of a quantised row is its parent's row at that ratio, rounded; its sizes are those of the file. */
    private void assertQuantised(Plan plan, Trial trial, Quantizer to) throws IOException {
        CompressionRatio ratio = trial.ratios().get(0);
        Trial parent = plan.trial(trial.parent().orElseThrow());
        assertEquals(trial.seed(), parent.seed());
        byte[] expected = ModelFile.bytes(ToyStudy.NETWORK, to.quantised(model(parent, ratio)));
        byte[] found = Files.readAllBytes(file(trial, ratio));
        assertArrayEquals(expected, found, trial.method() + " at " + ratio);
        TrialResult.Row row = row(trial, ratio);
        TrialResult.Row before = row(parent, ratio);
        assertEquals(found.length, row.fileBytes());
        assertEquals(
                SafeTensors.parse(found, "m").entries().stream()
                        .mapToLong(entry -> entry.data().length)
                        .sum(),
                row.storedBytes());
        assertTrue(row.storedBytes() < before.storedBytes(), row.storedBytes() + " of " + before.storedBytes());
        assertEquals(before.ratio(), row.ratio(), "ratios count weights, not their bits");
        assertEquals(before.storedParameters(), row.storedParameters());
        assertEquals(before.sparsity(), row.sparsity());
        assertEquals(before.epochs(), row.epochs());
    }

    @Test
    void rowsAreTheParentsInFewerBits() throws IOException {
        Quantizer linear = new Quantizer.Linear(4);
        Plan plan = run(study(
                false,
                Entry.of(DENSE),
                Entry.of(prune(0.02, new SparsitySchedule(Law.GEOMETRIC, 1, false))),
                Entry.of(ToyStudy.quantise("half", 0, new Quantizer.Half(), "dense")),
                Entry.of(ToyStudy.quantise("linear", 0, linear, "prune")),
                Entry.of(ToyStudy.quantise("shared", 0, new Quantizer.Codebook(3), "prune"))));
        for (Trial trial : of(plan, "half")) {
            assertQuantised(plan, trial, new Quantizer.Half());
        }
        assertEquals(4, of(plan, "linear").size());
        for (int i = 0; i < 4; i++) {
            assertQuantised(plan, of(plan, "linear").get(i), linear);
            assertQuantised(plan, of(plan, "shared").get(i), new Quantizer.Codebook(3));
        }
        assertEquals(2 * (1 + 2 + 1 + 2 + 2), plan.rows());
    }

    /** What the file says is what was measured. */
    @Test
    void aFileMakesTheSameErrors() {
        Plan plan = run(study(
                false,
                Entry.of(DENSE),
                Entry.of(prune(0.02, SparsitySchedule.oneShot())),
                Entry.of(ToyStudy.quantise("half", 0, new Quantizer.Half(), "prune")),
                Entry.of(ToyStudy.quantise("shared", 2, new Quantizer.Codebook(2), "prune"))));
        for (Trial trial : plan.trials()) {
            CompressionRatio ratio = trial.ratios().get(0);
            Parameters weights = model(trial, ratio);
            try (Backend backend = new CpuBackend();
                    ResidentData data = new ResidentData(backend, ToyStudy.DATA);
                    Network network = new Network(
                            backend, ToyStudy.NETWORK, List.of(weights), Representation.of(backend, weights));
                    Evaluator evaluator = new Evaluator(backend, network, data.parts(trial.data()))) {
                assertEquals(
                        row(trial, ratio).testLoss(),
                        evaluator.evaluate(Part.TEST).get(0).loss(),
                        trial.method());
            }
        }
    }

    @Test
    void trainingMovesTheEntriesAndNotWhoTakesWhich() {
        Plan plan = run(study(
                false,
                Entry.of(DENSE),
                Entry.of(prune(0.02, SparsitySchedule.oneShot())),
                Entry.of(ToyStudy.quantise("still", 0, new Quantizer.Codebook(2), "prune")),
                Entry.of(ToyStudy.quantise("trained", 4, new Quantizer.Codebook(2), "prune"))));
        double still = 0;
        double trained = 0;
        for (int i = 0; i < 4; i++) {
            Trial before = of(plan, "still").get(i);
            Trial after = of(plan, "trained").get(i);
            CompressionRatio ratio = before.ratios().get(0);
            for (int l = 0; l < 2; l++) {
                StoreSpec store = model(before, ratio).layers().get(l).store();
                assertEquals(store, model(after, ratio).layers().get(l).store());
                float[] moved = model(after, ratio).layers().get(l).weight();
                assertFalse(java.util.Arrays.equals(
                        model(before, ratio).layers().get(l).weight(), moved));
            }
            assertEquals(row(before, ratio).epochs() + 4, row(after, ratio).epochs(), 4);
            still += row(before, ratio).trainError();
            trained += row(after, ratio).trainError();
        }
        assertTrue(trained < still, trained / 4 + " % training errors, before " + still / 4);
    }

    /** What a parent did not live to report cannot be quantised; what it did can. */
    @Test
    void aParentThatDivergedOnTheWay() throws IOException {
        Study study = study(
                false,
                Entry.of(DENSE),
                Entry.of(prune(0.02, new SparsitySchedule(Law.GEOMETRIC, 1, false))),
                Entry.of(ToyStudy.quantise("half", 0, new Quantizer.Half(), "prune")));
        Plan plan = run(study);
        for (Trial trial : plan.trials()) {
            Path result =
                    folder.resolve("run/trials").resolve(trial.id().value()).resolve("result.json");
            if (trial.method().equals("prune")) {
                ObjectNode json = (ObjectNode) new JsonMapper().readTree(Files.readString(result));
                json.put("status", TrialResult.DIVERGED);
                ((ArrayNode) json.get("readouts")).remove(1);
                Files.writeString(result, json.toString());
            } else if (trial.method().equals("half")) {
                Files.delete(result);
            }
        }
        run(study);
        for (Trial trial : of(plan, "half")) {
            TrialResult result =
                    RunDirectory.readResult(folder.resolve("run"), trial).orElseThrow();
            boolean reported = trial.ratios().get(0).equals(TWO);
            assertEquals(reported ? TrialResult.DONE : TrialResult.DIVERGED, result.status());
            assertEquals(reported ? 1 : 0, result.rows().size());
        }
    }

    /** Two rates for pruning at each ratio, three ways to quantise the winners; then again on all examples. */
    @Test
    void chosenParentsAreQuantisedAtEachRatio() throws IOException {
        Entry pruned = tuned(prune(0.02, SparsitySchedule.oneShot()), prune(1e-5, SparsitySchedule.oneShot()));
        Entry quantised = tuned(
                ToyStudy.quantise("q", 0, new Quantizer.Linear(2), "prune"),
                ToyStudy.quantise("q", 0, new Quantizer.Half(), "prune"),
                ToyStudy.quantise("q", 2, new Quantizer.Codebook(2), "prune"));
        for (boolean refit : new boolean[] {false, true}) {
            folder = Files.createDirectories(folder.resolve("refit " + refit));
            Plan plan = run(study(refit, Entry.of(DENSE), pruned, quantised));
            Map<String, Long> contests = plan.contests().keySet().stream()
                    .collect(Collectors.groupingBy(Contest::method, Collectors.counting()));
            assertEquals(2L, contests.get("prune"));
            assertEquals(2L, contests.get("q"));
            List<Trial> results = of(plan, "q").stream()
                    .filter(trial -> trial.purpose() == Purpose.RESULT)
                    .toList();
            assertEquals(4, results.size());
            for (Trial trial : of(plan, "q")) {
                Trial parent = plan.trial(trial.parent().orElseThrow());
                assertEquals(trial.ratios(), parent.ratios());
                if (refit && trial.purpose() == Purpose.RESULT) {
                    assertEquals(Purpose.RESULT, parent.purpose());
                    assertEquals("prune", parent.method());
                    assertEquals(0, trial.data().validation());
                    assertEquals(
                            trial.ratios().get(0), trial.program().startsAt().orElseThrow());
                } else if (trial.purpose() == Purpose.SELECTION) {
                    assertEquals(Purpose.SELECTION, parent.purpose());
                }
                StoreSpec store =
                        model(trial, trial.ratios().get(0)).layers().get(0).store();
                assertTrue(store instanceof StoreSpec.Quantised, store.toString());
            }
        }
    }
}
