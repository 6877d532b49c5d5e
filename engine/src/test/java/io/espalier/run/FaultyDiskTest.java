package io.espalier.run;

import static io.espalier.run.ToyStudy.NETWORK;
import static io.espalier.run.ToyStudy.plan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.cpu.CpuBackend;
import io.espalier.data.DataException;
import io.espalier.data.Hashes;
import io.espalier.study.Plan;
import io.espalier.study.Trial;
import io.espalier.train.EpochMetrics;
import io.espalier.train.Readout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are torn, of another release, left over or refused by the disk: told apart, said plainly, and nothing is lost. */
class FaultyDiskTest {
    private static final List<Device> CPU = List.of(new Device("cpu", 1, CpuBackend::new));

    @TempDir
    private Path folder;

    private final Plan plan = plan(0.05, 1);
    private Path run;

    /** A run that was stopped in its first trial, with two checkpoints. */
    @BeforeEach
    void stopped() throws IOException {
        run = folder.resolve("run");
        StopSignal stop = new StopSignal();
        Progress afterTwoEpochs = new Listener() {
            private int epochs;

            @Override
            public void epoch(Trial trial, EpochMetrics metrics) {
                if (++epochs == 2) {
                    stop.set();
                }
            }
        };
        train(run, CPU, afterTwoEpochs, new RunControl(stop, Duration.ZERO, Shard.WHOLE, Optional.empty()));
        assertEquals(2, checkpoints().size(), "the last two are kept");
    }

    private Scheduler.Outcome train(Path into, List<Device> devices, Progress progress, RunControl control) {
        try (RunDirectory directory = RunDirectory.open(
                into,
                plan.study(),
                "text",
                ToyStudy.BUILD,
                ToyStudy.DATA,
                new RunDirectory.Executor("cpu", "", 1),
                control.shard())) {
            return Scheduler.run(plan.study(), ToyStudy.DATA, devices, directory, progress, control);
        }
    }

    private void trainUndisturbed(Path into, Progress progress) {
        assertEquals(0, train(into, CPU, progress, RunControl.undisturbed()).failures());
    }

    private void assertEndsAsUndisturbed(Progress progress) throws IOException {
        trainUndisturbed(run, progress);
        trainUndisturbed(folder.resolve("undisturbed"), Progress.NONE);
        ToyStudy.assertSameModels(folder.resolve("undisturbed"), run);
    }

    /** Oldest first. */
    private List<Path> checkpoints() throws IOException {
        try (Stream<Path> files = Files.walk(run.resolve("claims"))) {
            return files.filter(file -> file.getFileName().toString().endsWith(".checkpoint"))
                    .sorted(Comparator.comparingInt(file ->
                            Integer.parseInt(file.getFileName().toString().split("\\.")[0])))
                    .toList();
        }
    }

    /** The trial that a checkpoint is of: its folder is that of a claim on it. */
    private static String trialOf(Path checkpoint) {
        return checkpoint.getParent().getParent().getFileName().toString();
    }

    /** The folder of the claim on a trial under way. */
    private Path claimOf(String trial) throws IOException {
        try (Stream<Path> claims = Files.list(run.resolve("claims").resolve(trial))) {
            return claims.findFirst().orElseThrow();
        }
    }

    @Test
    void everyFlippedBitAndEveryCutOfACheckpointIsSeen() throws IOException {
        Path newest = checkpoints().get(1);
        byte[] whole = Files.readAllBytes(newest);
        CheckpointFile.parse(NETWORK, whole, "whole");
        for (int at = 0; at < whole.length; at++) {
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                whole[at] ^= (byte) (1 << bit);
                assertThrows(DataException.class, () -> CheckpointFile.parse(NETWORK, whole, "flipped"));
                whole[at] ^= (byte) (1 << bit);
            }
            byte[] cut = Arrays.copyOf(whole, at);
            assertThrows(DataException.class, () -> CheckpointFile.parse(NETWORK, cut, "cut"));
        }
        CheckpointFile.parse(NETWORK, whole, "whole again");
    }

    @Test
    void aTornNewestCheckpointIsNamedAndTheOneBeforeIsUsed() throws IOException {
        Path newest = checkpoints().get(1);
        byte[] bytes = Files.readAllBytes(newest);
        Files.write(newest, Arrays.copyOf(bytes, bytes.length / 2));
        List<String> named = Collections.synchronizedList(new ArrayList<>());
        assertEndsAsUndisturbed(new Listener() {
            @Override
            public void damaged(Trial trial, Path checkpoint) {
                named.add(checkpoint.getFileName().toString());
            }
        });
        assertEquals(List.of(newest.getFileName().toString()), named);
    }

    @Test
    void withNoSoundCheckpointATrialBeginsAnew() throws IOException {
        List<Path> torn = checkpoints();
        for (Path file : torn) {
            Files.write(file, new byte[0]);
        }
        List<String> named = Collections.synchronizedList(new ArrayList<>());
        assertEndsAsUndisturbed(new Listener() {
            @Override
            public void damaged(Trial trial, Path checkpoint) {
                named.add(checkpoint.getFileName().toString());
            }
        });
        assertEquals(
                List.of(
                        torn.get(1).getFileName().toString(),
                        torn.get(0).getFileName().toString()),
                named);
    }

    /** Contents as a release wrote them that knew nothing of early stops, under a checksum that holds. */
    @Test
    void aCheckpointOfAnotherReleaseIsRefusedInASentenceAndKept() throws IOException {
        Path newest = checkpoints().get(1);
        byte[] whole = Files.readAllBytes(newest);
        byte[] older = whole.clone();
        int at = new String(older, StandardCharsets.ISO_8859_1).indexOf("earlyStopStep");
        older[at] = 'E';
        byte[] body = Arrays.copyOfRange(older, 32, older.length);
        Files.write(
                newest,
                ByteBuffer.allocate(older.length)
                        .put(Hashes.sha256().digest(body))
                        .put(body)
                        .array());
        RunException refused = assertThrows(RunException.class, () -> trainUndisturbed(run, Progress.NONE));
        assertTrue(
                refused.getMessage().contains(newest.getFileName() + " was written by another release"),
                refused.getMessage());
        newest = checkpoints().get(1);
        assertEquals(2, checkpoints().size());
        assertEquals(List.of(), RunDirectory.failed(run, plan));
        Files.write(newest, whole);
        assertEndsAsUndisturbed(Progress.NONE);
    }

    @Test
    void whatKilledWritesLeftIsSweptWhenItsTrialGoesOn() throws IOException {
        Path claim = checkpoints().get(0).getParent();
        Files.write(claim.resolve(".9.checkpoint.0-0.tmp"), new byte[9]);
        Files.write(claim.resolve(".model.safetensors.0-0.tmp"), new byte[9]);
        assertEndsAsUndisturbed(Progress.NONE);
        try (Stream<Path> files = Files.walk(run)) {
            assertTrue(files.noneMatch(file -> file.getFileName().toString().endsWith(".tmp")));
        }
    }

    /** A file stands where a folder must be: as a full disk does, this refuses a write in the middle of the run. */
    @Test
    void aRefusedWriteStopsTheRunInASentenceAndFailsNoTrial() throws IOException {
        String trial = trialOf(checkpoints().get(0));
        Listener obstruct = new Listener() {
            @Override
            public void started(Trial started) {
                try {
                    if (started.id().value().equals(trial)) {
                        Path metrics = claimOf(trial).resolve("metrics.jsonl");
                        Files.move(metrics, metrics.resolveSibling("aside"));
                        Files.createDirectory(metrics);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        List<Device> two = List.of(CPU.get(0), new Device("cpu 1", 1, CpuBackend::new));
        RunException refused =
                assertThrows(RunException.class, () -> train(run, two, obstruct, RunControl.undisturbed()));
        assertTrue(
                refused.getMessage().startsWith("The run directory " + run + " cannot be used any more: "),
                refused.getMessage());
        assertEquals(List.of(), RunDirectory.failed(run, plan));
        assertTrue(checkpoints().stream().anyMatch(file -> trialOf(file).equals(trial)), "what was saved is there");
        Path metrics = claimOf(trial).resolve("metrics.jsonl");
        Files.delete(metrics);
        Files.move(metrics.resolveSibling("aside"), metrics);
        assertEndsAsUndisturbed(Progress.NONE);
    }

    /** Hears nothing but what a test asks for. */
    private abstract static class Listener implements Progress {
        @Override
        public void planned(List<Trial> trials) {}

        @Override
        public void started(Trial trial) {}

        @Override
        public void epoch(Trial trial, EpochMetrics metrics) {}

        @Override
        public void readout(Trial trial, Readout readout) {}

        @Override
        public void finished(Trial trial, String status) {}

        @Override
        public void failed(Trial trial, Throwable cause) {}

        @Override
        public void damaged(Trial trial, Path checkpoint) {}
    }
}
