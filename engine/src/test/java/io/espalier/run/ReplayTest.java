package io.espalier.run;

import static io.espalier.run.ToyStudy.BUILD;
import static io.espalier.run.ToyStudy.DATA;
import static io.espalier.run.ToyStudy.plan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.cpu.CpuBackend;
import io.espalier.data.Dataset;
import io.espalier.study.Plan;
import io.espalier.study.Trial;
import io.espalier.train.ToyData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
    private static final int MEMBERS = 4;

    @TempDir
    private Path folder;

    private int replays;

    private static Device device() {
        return new Device("cpu", MEMBERS, CpuBackend::new);
    }

    private Replay replay(Plan plan, Trial trial, Dataset dataset, Build build) {
        Path into = folder.resolve("replay " + replays++);
        return Replay.of(
                        folder.resolve("run"),
                        plan,
                        trial,
                        build,
                        dataset,
                        new RunDirectory.Executor("cpu", "", 1),
                        device(),
                        into,
                        RunControl.undisturbed())
                .orElseThrow();
    }

    @Test
    void everyTrialComesOutTheSameInTheCompanyItHad() {
        Plan plan = plan(0.05, 1);
        Path run = folder.resolve("run");
        ToyStudy.run(run, plan, List.of(device()), RunControl.undisturbed());
        int largest = 0;
        for (Trial trial : plan.trials()) {
            TrialProvenance provenance = RunDirectory.provenance(run, trial);
            assertTrue(provenance.cohort().contains(trial.id()));
            assertEquals(1, provenance.machines().size());
            largest = Math.max(largest, provenance.cohort().size());
            Replay replay = replay(plan, trial, DATA, BUILD);
            assertTrue(replay.sameMachine());
            assertTrue(replay.holds(), trial.method());
            assertEquals(trial.ratios().size(), replay.readouts().size());
            assertTrue(replay.readouts().stream().allMatch(Replay.Readout::isSameModel));
        }
        assertTrue(largest > 1, "some were started together");
    }

    @Test
    void onAnEqualMachineABitDecidesAndElsewhereTheError() throws IOException {
        Plan plan = plan(0.05, 1);
        Path run = folder.resolve("run");
        ToyStudy.run(run, plan, List.of(device()), RunControl.undisturbed());
        Trial trial = plan.trials().get(0);
        Path model = WorkFolder.model(run.resolve("trials/" + trial.id()), trial, "1");
        byte[] bytes = Files.readAllBytes(model);
        bytes[bytes.length - 1] ^= 1;
        Files.write(model, bytes);
        assertFalse(replay(plan, trial, DATA, BUILD).holds(), "one bit of one weight");
        Replay elsewhere = replay(plan, trial, DATA, new Build("another", "none", ""));
        assertFalse(elsewhere.sameMachine());
        assertTrue(elsewhere.holds());
        Path result = run.resolve("trials/" + trial.id() + "/result.json");
        Files.writeString(
                result, Files.readString(result).replaceAll("\"test_error\" : [0-9.]+", "\"test_error\" : 99.5"));
        assertFalse(replay(plan, trial, DATA, new Build("another", "none", "")).holds());
        Trial child = plan.children(trial.id()).get(0);
        Files.delete(run.resolve("trials/" + child.id() + "/result.json"));
        assertThrows(RunException.class, () -> replay(plan, child, DATA, BUILD), "nothing to compare with");
        assertThrows(RunException.class, () -> replay(plan, trial, ToyData.dataset(126, 53), BUILD), "other data");
    }

    @Test
    void marginsByHand() {
        // 10 % of 100 examples: a standard deviation of 3 percent from counting alone.
        assertEquals(3 * Math.sqrt(2) * 3, Replay.margin(10, 100, Double.NaN), 1e-12);
        assertEquals(3 * Math.sqrt(2) * 5, Replay.margin(10, 100, 5), 1e-12);
        assertEquals(3 * Math.sqrt(2) * 3, Replay.margin(10, 100, 1), 1e-12);
        assertEquals(3 * Math.sqrt(2) * 1, Replay.margin(0, 100, Double.NaN), 1e-12, "as one example wrong");
    }
}
