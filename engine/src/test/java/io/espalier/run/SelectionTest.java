package io.espalier.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.espalier.backend.Activation;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.Law;
import io.espalier.compress.SaliencyKind;
import io.espalier.compress.Scope;
import io.espalier.data.Catalog;
import io.espalier.data.DataSource;
import io.espalier.data.DataSpec;
import io.espalier.data.Dataset;
import io.espalier.method.Dense;
import io.espalier.method.EqualSize;
import io.espalier.method.FromScratch;
import io.espalier.method.FromTrained;
import io.espalier.method.Method;
import io.espalier.method.Prune;
import io.espalier.method.SparsitySchedule;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.NetworkSpec;
import io.espalier.random.Seed;
import io.espalier.study.Choice;
import io.espalier.study.Configuration;
import io.espalier.study.Contest;
import io.espalier.study.Entry;
import io.espalier.study.Plan;
import io.espalier.study.Purpose;
import io.espalier.study.Study;
import io.espalier.study.Trial;
import io.espalier.train.LearningRate;
import io.espalier.train.Penalty;
import io.espalier.train.Recovery;
import io.espalier.train.ReportAt;
import io.espalier.train.ToyData;
import io.espalier.train.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Choosing on validation data: equal chances, no look at the test data, the same choice for everybody. */
class SelectionTest {
    private static final Dataset DATA = ToyData.dataset(126, 53);
    private static final Build BUILD = new Build("1", "none", "");
    private static final NetworkSpec NETWORK = new NetworkSpec(
            List.of(ToyData.FEATURES, 20, ToyData.CLASSES),
            Activation.TANH,
            Activation.LINEAR,
            Loss.SOFTMAX,
            Initialization.GLOROT);
    private static final int SEEDS = 2;

    @TempDir
    private Path folder;

    private static TrainingSettings settings(double rate, int epochs) {
        return new TrainingSettings(
                epochs, 8, new LearningRate.Constant(rate), 0.9, 0, 0, Penalty.NONE, ReportAt.BEST_VALIDATION);
    }

    private static Entry entry(boolean perRatio, DoubleFunction<Method> method, double... rates) {
        return new Entry(
                DoubleStream.of(rates)
                        .mapToObj(rate -> new Configuration("rate " + rate, method.apply(rate)))
                        .toList(),
                perRatio,
                "");
    }

    private static Study study(boolean perRatio, boolean refit) {
        SparsitySchedule iterative = new SparsitySchedule(Law.GEOMETRIC, 2, false);
        return new Study(
                "toy",
                "",
                new DataSpec(new DataSource.Named(Catalog.MNIST), 40),
                NETWORK,
                List.of(
                        entry(perRatio, rate -> new Dense("dense", settings(rate, 6)), 1e-5, 0.05),
                        entry(
                                perRatio,
                                rate -> new EqualSize(
                                        "small", new FromScratch(settings(rate, 6), OptionalInt.of(5), List.of())),
                                0.04,
                                1e-5,
                                0.06),
                        entry(
                                perRatio,
                                rate -> new Prune(
                                        "prune",
                                        SaliencyKind.MAGNITUDE.saliency(),
                                        new FromTrained(
                                                settings(rate, 3),
                                                Scope.GLOBAL,
                                                iterative,
                                                new Recovery.FineTune(),
                                                "dense",
                                                List.of())),
                                0.03,
                                0.01)),
                Stream.of(2, 4).map(CompressionRatio::new).toList(),
                List.of(new Seed(0), new Seed(1)),
                refit,
                List.of());
    }

    private Scheduler.Outcome run(String name, Study study, Dataset data, Shard shard) {
        List<Device> devices = List.of(new Device("cpu", 3, CpuBackend::new));
        try (RunDirectory directory = RunDirectory.open(
                folder.resolve(name),
                study,
                "text",
                BUILD,
                data,
                new RunDirectory.Executor("cpu", "", devices.size()),
                shard)) {
            return Scheduler.run(
                    study,
                    data,
                    devices,
                    directory,
                    Progress.NONE,
                    new RunControl(new StopSignal(), RunControl.DEFAULT_INTERVAL, shard, Optional.empty()));
        }
    }

    private Plan complete(String name, Study study, Dataset data) throws IOException {
        Scheduler.Outcome outcome = run(name, study, data, Shard.WHOLE);
        for (Trial failed : RunDirectory.failed(folder.resolve(name), outcome.plan())) {
            Path note =
                    folder.resolve(name).resolve("trials").resolve(failed.id().value());
            fail(Files.readString(note.resolve("failed.json")));
        }
        assertFalse(outcome.isIncomplete());
        return outcome.plan();
    }

    private TrialResult result(String name, Trial trial) {
        return RunDirectory.readResult(folder.resolve(name), trial).orElseThrow();
    }

    private byte[] model(String name, Trial trial, String ratio) throws IOException {
        Path own = folder.resolve(name).resolve("trials").resolve(trial.id().value());
        return Files.readAllBytes(
                (trial.ratios().size() == 1 ? own : own.resolve("ratio-" + ratio)).resolve("model.safetensors"));
    }

    @Test
    void theBestMeanValidationErrorWinsAndLosersNeverSeeTheTestData() throws IOException {
        Plan plan = complete("tuned", study(false, false), DATA);
        assertEquals(3, plan.contests().size());
        Map<Contest, Optional<Choice>> contests = plan.contests();
        contests.forEach((contest, choice) -> {
            int winner = choice.orElseThrow().configuration();
            double[] means = contest.candidates().stream()
                    .mapToDouble(candidate -> candidate.trials().stream()
                            .flatMap(trial -> result("tuned", trial).rows().stream())
                            .mapToDouble(TrialResult.Row::validationError)
                            .average()
                            .orElseThrow())
                    .toArray();
            for (int i = 0; i < means.length; i++) {
                assertTrue(i < winner ? means[winner] < means[i] : means[winner] <= means[i], contest.method());
            }
            if (contest.method().equals("dense")) {
                assertEquals(1, winner, "a rate of 1e-5 learns nothing");
            }
        });
        for (Trial trial : plan.trials()) {
            for (TrialResult.Row row : result("tuned", trial).rows()) {
                if (trial.purpose() == Purpose.SELECTION) {
                    assertNull(row.testError());
                    assertNull(row.testLoss());
                } else {
                    assertNotNull(row.testError());
                    Trial winner = plan.trial(trial.parent().orElseThrow());
                    TrialResult.Row selected = result("tuned", winner).rows().stream()
                            .filter(other -> other.ratioTarget().equals(row.ratioTarget()))
                            .findFirst()
                            .orElseThrow();
                    assertEquals(selected.validationError(), row.validationError());
                    assertEquals(selected.epochs(), row.epochs());
                    assertEquals(selected.trainSeconds(), row.trainSeconds());
                    assertArrayEquals(
                            model("tuned", winner, row.ratioTarget()), model("tuned", trial, row.ratioTarget()));
                }
            }
        }
        assertEquals(SEEDS * (1 + 2 + 2), plan.rows());
        ResultTable table = ResultTable.of(folder.resolve("tuned"), plan);
        assertEquals(5, table.summaries().size());
        assertTrue(table.summaries().stream().allMatch(summary -> summary.n() == SEEDS));
        TuningTable tuning = TuningTable.of(folder.resolve("tuned"), plan);
        assertEquals(2 + 3 + 2, tuning.lines().size());
        assertEquals(3, tuning.lines().stream().filter(TuningTable.Line::chosen).count());
        assertEquals(
                plan.trials().size(),
                run("tuned", study(false, false), DATA, Shard.WHOLE).alreadyDone());
    }

    @Test
    void pruningStartsFromTheChosenParent() throws IOException {
        Plan plan = complete("parents", study(false, false), DATA);
        Choice dense = plan.contests().entrySet().stream()
                .filter(entry -> entry.getKey().method().equals("dense"))
                .findFirst()
                .orElseThrow()
                .getValue()
                .orElseThrow();
        plan.trials().stream()
                .filter(trial -> trial.method().equals("prune") && trial.purpose() == Purpose.SELECTION)
                .forEach(trial -> {
                    Trial parent = plan.trial(trial.parent().orElseThrow());
                    assertEquals(
                            new LearningRate.Constant(dense.configuration() == 1 ? 0.05 : 1e-5),
                            parent.trajectory().training().learningRate());
                    assertEquals(trial.seed(), parent.seed());
                });
    }

    @Test
    void otherTestDataChangeNoChoiceAndNoWeight() throws IOException {
        Dataset other =
                new Dataset("toy", DATA.train(), ToyData.dataset(126, 31).test());
        Plan one = complete("one", study(true, false), DATA);
        Plan two = complete("two", study(true, false), other);
        assertEquals(
                one.trials().stream().map(Trial::id).toList(),
                two.trials().stream().map(Trial::id).toList());
        for (Trial trial : one.trials()) {
            String ratio = trial.ratios().get(0).toString();
            assertArrayEquals(model("one", trial, ratio), model("two", trial, ratio));
        }
        assertEquals(1 + 2 + 1, one.contests().size(), "the narrow network chooses at each ratio");
    }

    @Test
    void aRefitTrainsOnAllExamplesForTheChosenEpochs() throws IOException {
        Plan plan = complete("refit", study(false, true), DATA);
        Map<String, Choice> choices = new java.util.HashMap<>();
        plan.contests().forEach((contest, choice) -> choices.put(contest.method(), choice.orElseThrow()));
        List<Trial> results = plan.results();
        assertEquals(SEEDS * (1 + 2 + 1), results.size());
        for (Trial trial : results) {
            assertEquals(0, trial.data().validation());
            assertEquals(ReportAt.LAST, trial.trajectory().training().reportAt());
            for (TrialResult.Row row : result("refit", trial).rows()) {
                assertNull(row.validationError());
                CompressionRatio ratio = new CompressionRatio(Double.parseDouble(row.ratioTarget()));
                int chosen = choices.get(trial.method()).epochs().get(ratio);
                assertEquals(chosen, row.phaseEpochs(), trial.method());
            }
        }
        Trial dense = results.get(0);
        int denseEpochs = choices.get("dense").epochs().get(new CompressionRatio(1));
        assertEquals(denseEpochs, dense.epochs());
        Trial pruned = results.stream()
                .filter(trial -> trial.method().equals("prune"))
                .findFirst()
                .orElseThrow();
        assertEquals(dense.id(), pruned.parent().orElseThrow(), "refits start from refits");
        int atFour = choices.get("prune").epochs().get(new CompressionRatio(4));
        assertEquals(denseEpochs + 3 + 3 + 3 + atFour, result("refit", pruned).epochs());
    }

    @Test
    void shardsInAnyOrderComeToTheSameChoiceAndWeights() throws IOException {
        Study study = study(false, true);
        Plan whole = complete("whole", study, DATA);
        int calls = 0;
        boolean open = true;
        while (open) {
            assertTrue(calls < 12, "shards wait for each other");
            Scheduler.Outcome outcome = run("sharded", study, DATA, new Shard(3 - calls % 3, 3));
            open = outcome.isIncomplete() || calls < 2 || !complete(outcome.plan());
            calls++;
        }
        assertNotEquals(3, calls, "a choice needs the trials of all shards");
        for (Trial trial : whole.trials()) {
            String ratio = trial.ratios().get(0).toString();
            assertArrayEquals(model("whole", trial, ratio), model("sharded", trial, ratio), trial.method());
        }
    }

    private boolean complete(Plan plan) {
        List<Trial> missing = new ArrayList<>(plan.trials());
        missing.removeIf(trial ->
                RunDirectory.readResult(folder.resolve("sharded"), trial).isPresent());
        return !plan.isOpen() && missing.isEmpty();
    }
}
