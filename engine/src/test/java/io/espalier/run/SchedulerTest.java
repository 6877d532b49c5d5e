package io.espalier.run;

import static io.espalier.run.ToyStudy.BUILD;
import static io.espalier.run.ToyStudy.DATA;
import static io.espalier.run.ToyStudy.NETWORK;
import static io.espalier.run.ToyStudy.plan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Backend;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.data.DataException;
import io.espalier.data.Dataset;
import io.espalier.study.Plan;
import io.espalier.study.StudyException;
import io.espalier.study.Trial;
import io.espalier.train.ToyData;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchedulerTest {
    /** The op that every training step begins with. */
    private static final String STEP = "batchIndices";

    /** The op that every batch of an evaluation and of a teacher's lessons begins with. */
    private static final String EVALUATION = "range";

    /** An op of every batch that is evaluated, trained on or looked at by a saliency. */
    private static final String BATCH = "gatherLabels";

    /** 107 examples in batches of 8. */
    private static final int STEPS_AN_EPOCH = 14;

    private static final RunDirectory.Executor CPU = new RunDirectory.Executor("cpu", "", 1);
    private static final RunDirectory.Executor REFERENCE = new RunDirectory.Executor("reference", "", 1);

    @TempDir
    private Path folder;

    private static List<Device> devices(int count, int maxMembers) {
        List<Device> devices = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            devices.add(new Device("cpu " + i, maxMembers, CpuBackend::new));
        }
        return devices;
    }

    private Scheduler.Outcome run(String name, Plan plan, List<Device> devices) {
        return run(name, plan, devices, RunControl.undisturbed());
    }

    private Scheduler.Outcome run(String name, Plan plan, List<Device> devices, RunControl control) {
        return ToyStudy.run(folder.resolve(name), plan, devices, control);
    }

    private TreeMap<String, byte[]> models(String name) throws IOException {
        return ToyStudy.models(folder.resolve(name));
    }

    private void assertSameModels(String a, String b) throws IOException {
        ToyStudy.assertSameModels(folder.resolve(a), folder.resolve(b));
    }

    @Test
    void numberOfWorkersAndSizeOfCohortsDoNotChangeABit() throws IOException {
        Plan plan = plan(0.05, 3);
        run("one", plan, devices(1, 1));
        run("two", plan, devices(2, 1));
        run("cohorts", plan, devices(1, 4));
        run("both", plan, devices(2, 3));
        assertEquals(
                plan.rows(),
                models("one").keySet().stream()
                        .filter(path -> path.endsWith("model.safetensors"))
                        .count());
        assertSameModels("one", "two");
        assertSameModels("one", "cohorts");
        assertSameModels("one", "both");
        Set<Boolean> asLongAsMayBe = plan.trials().stream()
                .filter(trial -> trial.method().equals("waiting"))
                .map(trial -> RunDirectory.readResult(folder.resolve("both"), trial)
                                .orElseThrow()
                                .step()
                        == trial.epochs() * STEPS_AN_EPOCH)
                .collect(Collectors.toSet());
        assertEquals(Set.of(true, false), asLongAsMayBe, "some reach their training accuracy before the time is over");
    }

    @Test
    void shardsInAnyOrderGiveTheSameModels() throws IOException {
        Plan plan = plan(0.05, 3);
        run("one", plan, devices(1, 1));
        for (int index : new int[] {4, 2, 1, 3}) {
            RunControl control =
                    new RunControl(new StopSignal(), Duration.ofHours(1), new Shard(index, 4), Optional.empty());
            Scheduler.Outcome outcome = run("shards", plan, devices(1, 1), control);
            assertEquals(0, outcome.left());
            assertEquals(0, outcome.alreadyDone());
        }
        assertSameModels("one", "shards");
        assertEquals(plan.trials().size(), run("shards", plan, devices(1, 1)).alreadyDone());
    }

    @Test
    void shardsShareADirectoryThatAWholeRunHasForItself() {
        Plan plan = plan(0.05, 1);
        Path path = folder.resolve("shared");
        // Two shards at once need two processes: ci/shards.sh has them.
        try (RunDirectory first = RunDirectory.open(path, plan.study(), "", BUILD, DATA, CPU, new Shard(1, 2))) {
            assertEquals(path, first.path());
            assertThrows(
                    RunException.class, () -> RunDirectory.open(path, plan.study(), "", BUILD, DATA, CPU, Shard.WHOLE));
        }
        RunDirectory.open(path, plan.study(), "", BUILD, DATA, CPU, Shard.WHOLE).close();
        for (String bad : List.of("0/2", "3/2", "1", "a/b", "1/0")) {
            assertThrows(IllegalArgumentException.class, () -> Shard.parse(bad), bad);
        }
    }

    @Test
    void aSecondRunDoesOnlyWhatIsMissing() throws IOException {
        Plan plan = plan(0.05, 2);
        assertEquals(0, run("again", plan, devices(2, 1)).alreadyDone());
        String results = Files.readString(folder.resolve("again/results.csv"));
        Trial dense = plan.trials().get(0);
        Trial child = plan.children(dense.id()).get(0);
        Path kept = folder.resolve("again/trials/" + dense.id() + "/result.json");
        FileTime before = Files.getLastModifiedTime(kept);
        Files.delete(folder.resolve("again/trials/" + child.id() + "/result.json"));
        Scheduler.Outcome outcome = run("again", plan, devices(2, 1));
        assertEquals(plan.trials().size() - 1, outcome.alreadyDone());
        assertEquals(before, Files.getLastModifiedTime(kept));
        String again = Files.readString(folder.resolve("again/results.csv"));
        assertEquals(withoutTimes(results), withoutTimes(again));
    }

    /** train_seconds and cohort_size are the columns that may differ. */
    private static List<String> withoutTimes(String csv) {
        return csv.lines()
                .map(line -> {
                    String[] cells = line.split(",", -1);
                    cells[16] = "";
                    cells[17] = "";
                    return String.join(",", cells);
                })
                .toList();
    }

    /** A backend that asks the run to stop at a given training step. */
    private static Device stopping(StopSignal stop, int atStep) {
        return stopping(stop, STEP, 1, atStep);
    }

    /** A backend that asks the run to stop when it does something for the n-th time. */
    private static Device stopping(StopSignal stop, String op, int members, int at) {
        AtomicInteger times = new AtomicInteger();
        return new Device(
                "stopping",
                members,
                () -> intercepting(op, () -> {
                    if (times.incrementAndGet() == at) {
                        stop.set();
                    }
                }));
    }

    @Test
    void aStoppedRunGoesOnToTheSameBits() throws IOException {
        Plan plan = plan(0.05, 1);
        run("whole", plan, devices(1, 1));
        int stops = 0;
        for (int interval : new int[] {1, 5, 13, 14, 37}) {
            stops += runWithStops(plan, STEP, 1, interval);
        }
        assertTrue(stops > 100, "only " + stops + " stops");
    }

    /** Nobody waits for what is done between steps to be finished; it is begun again, alone or in a cohort. */
    @Test
    void aRunStoppedBetweenStepsGoesOnToTheSameBits() throws IOException {
        Plan plan = plan(0.05, 1);
        run("whole", plan, devices(1, 1));
        int stops = 0;
        for (int interval : new int[] {4, 5, 7, 11}) {
            stops += runWithStops(plan, EVALUATION, interval % 4 + 1, interval);
        }
        for (int interval : new int[] {19, 23}) {
            stops += runWithStops(plan, BATCH, interval % 4 + 1, interval);
        }
        assertTrue(stops > 100, "only " + stops + " stops");
    }

    /** Stops a run whenever it has done something so many times, 1 to 9 if that is 1, and compares what it comes to. */
    private int runWithStops(Plan plan, String op, int members, int interval) throws IOException {
        String name = op + interval;
        int stops = 0;
        Scheduler.Outcome outcome;
        do {
            StopSignal stop = new StopSignal();
            RunControl control = new RunControl(stop, Duration.ofHours(1), Shard.WHOLE, Optional.empty());
            int at = interval == 1 ? 1 + stops % 9 : interval;
            outcome = run(name, plan, List.of(stopping(stop, op, members, at)), control);
            assertEquals(0, outcome.failures());
            stops++;
        } while (outcome.left() > 0);
        assertSameModels("whole", name);
        assertEquals(
                withoutTimes(Files.readString(folder.resolve("whole/results.csv"))),
                withoutTimes(Files.readString(folder.resolve(name + "/results.csv"))));
        for (Trial trial : plan.trials()) {
            if (trial.ownEpochs() > 0) {
                String metrics = "trials/" + trial.id() + "/metrics.jsonl";
                assertEquals(
                        Files.readString(folder.resolve("whole").resolve(metrics)),
                        Files.readString(folder.resolve(name).resolve(metrics)));
            }
        }
        try (Stream<Path> left = Files.list(folder.resolve(name + "/claims"))) {
            assertEquals(0, left.count(), "nothing is left under way");
        }
        return stops;
    }

    @Test
    void damagedCheckpointsAreDetectedAndTheOneBeforeIsUsed() throws IOException {
        Plan plan = plan(0.05, 1);
        run("sound", plan, devices(1, 1));
        StopSignal stop = new StopSignal();
        run(
                "torn",
                plan,
                List.of(stopping(stop, 40)),
                new RunControl(stop, Duration.ZERO, Shard.WHOLE, Optional.empty()));
        List<Path> checkpoints;
        try (Stream<Path> files = Files.walk(folder.resolve("torn/claims"))) {
            checkpoints = files.filter(file -> file.toString().endsWith(".checkpoint"))
                    .toList();
        }
        assertEquals(2, checkpoints.size(), "the last two are kept");
        Path newest = checkpoints.stream()
                .max(java.util.Comparator.comparingInt(
                        file -> Integer.parseInt(file.getFileName().toString().split("\\.")[0])))
                .orElseThrow();
        byte[] whole = Files.readAllBytes(newest);
        CheckpointFile.parse(NETWORK, whole, "whole");
        for (int at = 0; at < whole.length; at += Math.max(1, whole.length / 97)) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 1;
            assertThrows(DataException.class, () -> CheckpointFile.parse(NETWORK, flipped, "flipped"));
            byte[] cut = java.util.Arrays.copyOf(whole, at);
            assertThrows(DataException.class, () -> CheckpointFile.parse(NETWORK, cut, "cut"));
        }
        Files.write(newest, java.util.Arrays.copyOf(whole, whole.length / 2));
        run("torn", plan, devices(1, 1));
        assertSameModels("sound", "torn");
    }

    @Test
    void aDirectoryRefusesWhatIsNotItsOwn() {
        run("own", plan(0.05, 1), devices(1, 1));
        RunException e = assertThrows(RunException.class, () -> run("own", plan(0.06, 1), devices(1, 1)));
        assertTrue(e.getMessage().contains("another study") && e.getMessage().contains("--out"), e.getMessage());
        Plan plan = plan(0.05, 1);
        Path path = folder.resolve("own");
        assertThrows(
                RunException.class,
                () -> RunDirectory.open(path, plan.study(), "", BUILD, DATA, REFERENCE, Shard.WHOLE));
        assertThrows(
                RunException.class,
                () -> RunDirectory.open(path, plan.study(), "", new Build("2", "none", ""), DATA, CPU, Shard.WHOLE));
        assertThrows(
                RunException.class,
                () -> RunDirectory.open(path, plan.study(), "", BUILD, ToyData.dataset(126, 53), CPU, Shard.WHOLE));
        try (RunDirectory open = RunDirectory.open(path, plan.study(), "", BUILD, DATA, CPU, Shard.WHOLE)) {
            RunException busy = assertThrows(
                    RunException.class, () -> RunDirectory.open(path, plan.study(), "", BUILD, DATA, CPU, Shard.WHOLE));
            assertTrue(busy.getMessage().contains("Another process"), busy.getMessage());
            assertTrue(open.result(plan.trials().get(0)).isPresent());
        }
    }

    @Test
    void divergedParentsLeaveDivergedChildrenAndRowsThatSaySo() throws IOException {
        Plan plan = plan(1e25, 2);
        Scheduler.Outcome outcome = run("diverged", plan, devices(1, 1));
        assertEquals(0, outcome.failures(), "divergence is a result");
        ResultTable table = ResultTable.of(folder.resolve("diverged"), plan);
        assertEquals(plan.trials().size(), table.finished());
        ResultTable.Summary dense = table.summaries().get(0);
        assertEquals(0, dense.n());
        assertEquals(2, dense.diverged());
        String csv = Files.readString(folder.resolve("diverged/results.csv"));
        assertTrue(csv.lines().anyMatch(line -> line.contains(",dense,1,") && line.endsWith("cpu,diverged")), csv);
        assertTrue(csv.lines().anyMatch(line -> line.contains(",equal-size,2,") && line.endsWith("cpu,done")), csv);
    }

    /** The cpu backend with something before every call of an op. */
    private static Backend intercepting(String op, Runnable before) {
        Backend cpu = new CpuBackend();
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals(op)) {
                        before.run();
                    }
                    try {
                        return method.invoke(cpu, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** A backend that breaks at its n-th training step. */
    private static Backend breaking(AtomicInteger stepsLeft) {
        return intercepting(STEP, () -> {
            if (stepsLeft.decrementAndGet() == 0) {
                throw new IllegalStateException("the device fell over");
            }
        });
    }

    private static boolean descends(Plan plan, Trial trial, Trial from) {
        return trial.parent()
                .map(parent -> parent.equals(from.id()) || descends(plan, plan.trial(parent), from))
                .orElse(false);
    }

    @Test
    void aCrashedTrialIsNotedTakesItsChildrenWithItAndIsTriedAgain() throws IOException {
        Plan plan = plan(0.05, 2);
        AtomicInteger steps = new AtomicInteger(5);
        Device device = new Device("breaking", 1, () -> breaking(steps));
        Scheduler.Outcome outcome = run("crash", plan, List.of(device));
        Trial dense = plan.trials().get(0);
        int descendants = (int) plan.trials().stream()
                .filter(trial -> descends(plan, trial, dense))
                .count();
        assertTrue(descendants > plan.children(dense.id()).size(), "some are grandchildren");
        assertEquals(1 + descendants, outcome.failures());
        Path note = folder.resolve("crash/trials/" + dense.id() + "/failed.json");
        assertTrue(Files.readString(note).contains("the device fell over"));
        assertEquals(List.of(dense), RunDirectory.failed(folder.resolve("crash"), plan));
        assertEquals(
                plan.trials().size() - 1 - descendants,
                ResultTable.of(folder.resolve("crash"), plan).finished());
        assertEquals(0, run("crash", plan, devices(1, 1)).failures());
        assertFalse(Files.exists(note));
        run("whole", plan, devices(1, 1));
        assertSameModels("whole", "crash");
    }

    @Test
    void aDeviceThatDoesNotOpenLeavesTheWorkToTheOthers() throws IOException {
        Plan plan = plan(0.05, 1);
        Device broken = new Device("broken", 1, () -> {
            throw new IllegalStateException("no such device");
        });
        List<Device> both = new ArrayList<>(devices(1, 1));
        both.add(broken);
        assertEquals(0, run("one lost", plan, both).failures());
        assertEquals(
                plan.trials().size(),
                ResultTable.of(folder.resolve("one lost"), plan).finished());
        IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> run("all lost", plan, List.of(broken)));
        assertEquals("no such device", e.getMessage());
    }

    @Test
    void dataThatDoNotFitAreRefusedBeforeAnythingIsTrained() {
        Plan plan = plan(0.05, 1);
        Dataset small = ToyData.dataset(22, 10);
        assertThrows(
                StudyException.class,
                () -> Scheduler.requireRunnable(plan.study(), small),
                "a batch larger than the set");
        Dataset tiny = ToyData.dataset(20, 10);
        assertThrows(
                DataException.class, () -> Scheduler.requireRunnable(plan.study(), tiny), "nothing left to train on");
    }
}
