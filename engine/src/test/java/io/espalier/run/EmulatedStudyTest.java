package io.espalier.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Backend;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.cuda.Emulation;
import io.espalier.study.Plan;
import io.espalier.study.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole studies on the cuda backend, on emulated devices. */
class EmulatedStudyTest {
    /** By how many examples a prediction may differ: trajectories that start apart by a rounding drift apart. */
    private static final int EXAMPLES = 3;

    @TempDir
    private Path folder;

    @BeforeAll
    static void needsTheEmulator() {
        Emulation.require();
    }

    private static List<Device> devices(int count, int maxMembers, Supplier<Backend> opener) {
        List<Device> devices = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            devices.add(new Device("emulated " + i, maxMembers, opener));
        }
        return devices;
    }

    private Path run(String name, Plan plan, List<Device> devices) {
        Path into = folder.resolve(name);
        assertEquals(
                0, ToyStudy.run(into, plan, devices, RunControl.undisturbed()).failures(), name);
        return into;
    }

    @Test
    void aStudyEndsAsOnProcessors() {
        Plan plan = ToyStudy.plan(0.05, 2);
        Path cpu = run("cpu", plan, devices(1, 1, CpuBackend::new));
        Path cuda = run("cuda", plan, devices(1, 64, Emulation::open));
        for (Trial trial : plan.trials()) {
            TrialResult expected = RunDirectory.readResult(cpu, trial).orElseThrow();
            TrialResult found = RunDirectory.readResult(cuda, trial).orElseThrow();
            assertEquals(expected.rows().size(), found.rows().size());
            for (int i = 0; i < expected.rows().size(); i++) {
                double examples = ToyStudy.DATA.test().count() / 100.0;
                double apart = Math.abs(expected.rows().get(i).testError()
                                - found.rows().get(i).testError())
                        * examples;
                assertTrue(apart <= EXAMPLES + 1e-9, trial.method() + " is " + apart + " examples apart");
            }
        }
    }

    @Test
    void cohortsAndDevicesDoNotChangeABit() throws IOException {
        Plan plan = ToyStudy.plan(0.05, 3);
        Path one = run("one", plan, devices(1, 1, Emulation::open));
        ToyStudy.assertSameModels(one, run("sixty-four", plan, devices(1, 64, Emulation::open)));
        ToyStudy.assertSameModels(one, run("three devices", plan, devices(3, 64, Emulation::open)));
    }

    @Test
    void aDeviceWithLittleMemoryTakesFewerMembersAtOnce() throws IOException {
        Plan plan = ToyStudy.plan(0.05, 3);
        Path roomy = run("roomy", plan, devices(1, 64, Emulation::open));
        ToyStudy.assertSameModels(roomy, run("tight", plan, devices(1, 64, () -> Emulation.withMemory(1_500_000))));
    }

    @Test
    void runningOutOfMemoryHalvesTheCohortAndGoesOn() throws IOException {
        Plan plan = ToyStudy.plan(0.05, 3);
        Path roomy = run("roomy", plan, devices(1, 64, Emulation::open));
        AtomicInteger opened = new AtomicInteger();
        Path tight = run("tight", plan, devices(1, 64, () -> {
            opened.incrementAndGet();
            return Emulation.withLessMemoryThanItSays(600_000);
        }));
        assertTrue(opened.get() > 1, "it never ran out of memory");
        ToyStudy.assertSameModels(roomy, tight);
    }

    @Test
    void aLostDeviceFailsItsTrialsAndLeavesTheRestToTheOthers() throws IOException {
        Plan plan = ToyStudy.plan(0.05, 3);
        Path whole = run("whole", plan, devices(1, 64, Emulation::open));
        List<Device> pair = new ArrayList<>(devices(1, 2, () -> Emulation.lostAfter(3000)));
        pair.addAll(devices(1, 2, Emulation::open));
        Path into = folder.resolve("pair");
        Scheduler.Outcome outcome = ToyStudy.run(into, plan, pair, RunControl.undisturbed());
        List<Trial> failed = RunDirectory.failed(into, plan);
        assertTrue(!failed.isEmpty() && failed.size() <= 2, failed.size() + " failed");
        for (Trial trial : failed) {
            String note = Files.readString(into.resolve("trials/" + trial.id() + "/failed.json"));
            assertTrue(note.contains("fell off the bus"), note);
        }
        assertEquals(
                plan.trials().size() - outcome.failures(),
                ResultTable.of(into, plan).finished());
        run("pair", plan, devices(1, 64, Emulation::open));
        ToyStudy.assertSameModels(whole, into);
    }
}
