package io.espalier.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.data.Dataset;
import io.espalier.study.Plan;
import io.espalier.study.Study;
import io.espalier.study.Trial;
import io.espalier.study.TrialId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A run on disk. A trial's {@code result.json} is written last and whole: it is there if and only if the trial is over, so
 * that a second run does only what is missing.
 */
public final class RunDirectory implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path path;
    private final FileChannel lock;
    private final Machine machine;
    private final Claims claims;

    private RunDirectory(Path path, FileChannel lock, Claims claims, Machine machine) {
        this.path = path;
        this.lock = lock;
        this.claims = claims;
        this.machine = machine;
    }

    /**
     * What trains.
     *
     * @param backend its name
     * @param description library versions, vector width and the like
     * @param workers devices at work
     */
    public record Executor(String backend, String description, int workers) {}

    /** How long a worker may be silent before others take it for dead, unless told otherwise. */
    public static final Duration DEFAULT_LEASE = Duration.ofSeconds(60);

    /** Opens a directory as {@link #open(Path, Study, String, Build, Dataset, Executor, Shard, Duration)} does, with the usual lease. */
    public static RunDirectory open(
            Path path, Study study, String studyText, Build build, Dataset dataset, Executor executor, Shard shard) {
        return open(path, study, studyText, build, dataset, executor, shard, DEFAULT_LEASE);
    }

    /**
     * Opens a directory to run a study in: the whole of it for this process alone, a shard of it beside others. What belongs to another
     * study, release, backend or data is refused.
     *
     * @param studyText the study file as its author wrote it, kept beside the results
     * @param lease how long this worker may be silent before others take over its trials
     */
    public static RunDirectory open(
            Path path,
            Study study,
            String studyText,
            Build build,
            Dataset dataset,
            Executor executor,
            Shard shard,
            Duration lease) {
        try {
            Files.createDirectories(path.resolve("trials"));
            FileChannel lock = lock(path, shard);
            try {
                admit(path, studyText, Provenance.of(build, study, dataset, executor));
                Claims claims = new Claims(path, shard.isAlone(), Heartbeat.begin(path, lease));
                return new RunDirectory(path, lock, claims, Machine.here(build, executor));
            } catch (RuntimeException | IOException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new RunException(
                    "Cannot write the run directory " + path + ": " + reason(e) + ". Choose another with --out.", e);
        }
    }

    /** Says what the disk refused: the run stops here, and what it saved before is whole. */
    static RunException unusable(Path run, IOException e) {
        return new RunException(
                "The run directory " + run + " cannot be used any more: " + reason(e)
                        + ". What was saved is whole: mend that and run the same command again.",
                e);
    }

    private static String reason(IOException e) {
        if (e instanceof FileSystemException known) {
            return known.getReason() == null ? e.getClass().getSimpleName() : known.getReason();
        }
        return e.getMessage();
    }

    /** Who does the whole alone has the directory for itself; others share it. */
    private static FileChannel lock(Path path, Shard shard) throws IOException {
        FileChannel channel = FileChannel.open(
                path.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock(0, Long.MAX_VALUE, !shard.isAlone());
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new RunException("Another process is running in " + path
                    + ". Wait for it, choose another --out, or have all of them --share the work.");
        }
        return channel;
    }

    private static void admit(Path path, String studyText, ObjectNode provenance) throws IOException {
        Path file = path.resolve("provenance.json");
        if (Files.exists(file)) {
            JsonNode earlier = read(file);
            refuseIfDifferent(path, earlier, provenance, "plan", "another study");
            refuseIfDifferent(path, earlier, provenance, "espalier", "another release of Espalier");
            refuseIfDifferent(path, earlier, provenance, "backend", "another backend");
            refuseIfDifferent(path, earlier, provenance, "train_sha256", "other training data");
            refuseIfDifferent(path, earlier, provenance, "test_sha256", "other test data");
            return;
        }
        AtomicFiles.write(path.resolve("study.yaml"), studyText);
        AtomicFiles.write(file, pretty(provenance));
    }

    private static void refuseIfDifferent(Path path, JsonNode earlier, JsonNode now, String field, String what) {
        String before = earlier.path(field).asText();
        String after = now.path(field).asText();
        if (!before.equals(after)) {
            throw new RunException(path + " holds results of " + what + " (" + abbreviated(before) + ", now "
                    + abbreviated(after) + "). Choose another directory with --out.");
        }
    }

    /** Refuses data that are not those of a run. */
    static void requireSameData(Path run, Dataset dataset) {
        JsonNode recorded = read(run.resolve("provenance.json"));
        if (!recorded.path("train_sha256").asText().equals(dataset.train().sha256())
                || !recorded.path("test_sha256").asText().equals(dataset.test().sha256())) {
            throw new RunException(run + " was made with other data under the name of " + dataset.name()
                    + ". Say with --data where those are.");
        }
    }

    private static String abbreviated(String value) {
        return value.length() > 12 ? value.substring(0, 12) : value;
    }

    public Path path() {
        return path;
    }

    /** The folder of one trial. */
    public Path trial(TrialId id) {
        return path.resolve("trials").resolve(id.value());
    }

    // ---- while a trial runs -----------------------------------------------------------------------------------------

    /** Tries to become the worker of a trial. */
    Claims.Standing claim(Trial trial) {
        return claims.claim(trial);
    }

    /** The files of a trial that this worker holds. */
    WorkFolder work(Trial trial) {
        return new WorkFolder(path, trial, claims.folder(trial));
    }

    /** Ends a trial. */
    void finish(Trial trial, TrialResult result) {
        work(trial).finish(result);
        claims.publish(trial);
    }

    /** Says why a trial crashed; it is tried again next time. */
    void fail(Trial trial, Throwable cause) {
        work(trial).fail(claims.worker(), cause);
        claims.publish(trial);
    }

    /** Leaves a trial to whoever claims it next. */
    void release(Trial trial) {
        claims.release(trial);
    }

    /** Where the model of a readout is: a folder of its own if the trajectory has several. */
    public Path modelPath(Trial trial, String ratio) {
        return modelPath(path, trial, ratio);
    }

    /** The same without opening the directory. */
    public static Path modelPath(Path run, Trial trial, String ratio) {
        return WorkFolder.model(run.resolve("trials").resolve(trial.id().value()), trial, ratio);
    }

    // ---- results ----------------------------------------------------------------------------------------------------

    /** The trial's result, if it is over. */
    public Optional<TrialResult> result(Trial trial) {
        return readResult(path, trial);
    }

    /** The same without opening the directory: anybody may look. */
    public static Optional<TrialResult> readResult(Path run, Trial trial) {
        Path file = run.resolve("trials").resolve(trial.id().value()).resolve("result.json");
        return Files.exists(file) ? Optional.of(TrialResult.fromJson(read(file))) : Optional.empty();
    }

    /** How a trial that is over was made; anybody may look. */
    static TrialProvenance provenance(Path run, Trial trial) {
        return WorkFolder.provenance(run.resolve("trials").resolve(trial.id().value()));
    }

    /** Which backend a run was made with. */
    public static String backend(Path run) {
        return read(run.resolve("provenance.json")).path("backend").asText();
    }

    /** Whether a trial was begun and is not over; anybody may look. */
    public static boolean isStarted(Path run, Trial trial) {
        return Claims.isStarted(run, trial.id());
    }

    /** Trials with a note of a crash and no result. */
    public static List<Trial> failed(Path run, Plan plan) {
        List<Trial> failed = new ArrayList<>();
        for (Trial trial : plan.trials()) {
            Path folder = run.resolve("trials").resolve(trial.id().value());
            if (Files.exists(folder.resolve("failed.json")) && !Files.exists(folder.resolve("result.json"))) {
                failed.add(trial);
            }
        }
        return failed;
    }

    Machine machine() {
        return machine;
    }

    static JsonNode read(Path file) {
        try {
            return JSON.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw new RunException(file + " is damaged: " + e.getOriginalMessage() + ". Remove it and run again.", e);
        } catch (IOException e) {
            throw new RunException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static String pretty(ObjectNode node) {
        return node.toPrettyString() + "\n";
    }

    @Override
    public void close() {
        try (lock) {
            claims.close();
        } catch (IOException e) {
            throw unusable(path, e);
        }
    }
}
