package io.espalier.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.data.Dataset;
import io.espalier.network.ModelFile;
import io.espalier.network.NetworkSpec;
import io.espalier.study.Plan;
import io.espalier.study.Study;
import io.espalier.study.Trial;
import io.espalier.study.TrialId;
import io.espalier.train.EpochMetrics;
import io.espalier.train.Evaluation;
import io.espalier.train.MemberState;
import io.espalier.train.Readout;
import io.espalier.train.Snapshot;
import io.espalier.train.ValidationPoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A run on disk. A trial's {@code result.json} is written last and whole: it is there if and only if the trial is over, so
 * that a second run does only what is missing.
 */
public final class RunDirectory implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path path;
    private final List<FileChannel> locks;
    private final String backend;
    private final CheckpointStore checkpoints;

    private RunDirectory(Path path, List<FileChannel> locks, String backend) {
        this.path = path;
        this.locks = locks;
        this.backend = backend;
        this.checkpoints = new CheckpointStore(path.resolve("checkpoints"));
    }

    /**
     * What trains.
     *
     * @param backend its name
     * @param description library versions, vector width and the like
     * @param workers devices at work
     */
    public record Executor(String backend, String description, int workers) {}

    /**
     * Opens a directory to run a study, or a shard of it, in, for this process alone; what belongs to another study, release, backend or data is
     * refused.
     *
     * @param studyText the study file as its author wrote it, kept beside the results
     */
    public static RunDirectory open(
            Path path, Study study, String studyText, Build build, Dataset dataset, Executor executor, Shard shard) {
        try {
            Files.createDirectories(path.resolve("trials"));
            List<FileChannel> lock = lock(path, shard);
            RunDirectory directory = new RunDirectory(path, lock, executor.backend());
            try {
                directory.claim(studyText, Provenance.of(build, study, dataset, executor));
            } catch (RuntimeException | IOException e) {
                directory.close();
                throw e;
            }
            return directory;
        } catch (IOException e) {
            throw new RunException(
                    "Cannot write the run directory " + path + ": " + reason(e) + ". Choose another with --out.", e);
        }
    }

    /** Says what the disk refused: the run stops here, and what it saved before is whole. */
    private RunException unusable(IOException e) {
        return new RunException(
                "The run directory " + path + " cannot be used any more: " + reason(e)
                        + ". What was saved is whole: mend that and run the same command again.",
                e);
    }

    private static String reason(IOException e) {
        if (e instanceof FileSystemException known) {
            return known.getReason() == null ? e.getClass().getSimpleName() : known.getReason();
        }
        return e.getMessage();
    }

    /** A whole run has the directory for itself; shards share it, each once. */
    private static List<FileChannel> lock(Path path, Shard shard) throws IOException {
        List<FileChannel> held = new ArrayList<>();
        held.add(lock(path, ".lock", !shard.isWhole()));
        if (!shard.isWhole()) {
            try {
                held.add(lock(path, ".lock-" + shard.index() + "-of-" + shard.count(), false));
            } catch (RuntimeException | IOException e) {
                held.get(0).close();
                throw e;
            }
        }
        return held;
    }

    private static FileChannel lock(Path path, String name, boolean shared) throws IOException {
        FileChannel channel = FileChannel.open(
                path.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock(0, Long.MAX_VALUE, shared);
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new RunException("Another process is running in " + path + ". Wait for it, or choose another --out.");
        }
        return channel;
    }

    private void claim(String studyText, ObjectNode provenance) throws IOException {
        Path file = path.resolve("provenance.json");
        if (Files.exists(file)) {
            JsonNode earlier = read(file);
            refuseIfDifferent(earlier, provenance, "plan", "another study");
            refuseIfDifferent(earlier, provenance, "espalier", "another release of Espalier");
            refuseIfDifferent(earlier, provenance, "backend", "another backend");
            refuseIfDifferent(earlier, provenance, "train_sha256", "other training data");
            refuseIfDifferent(earlier, provenance, "test_sha256", "other test data");
            return;
        }
        AtomicFiles.write(path.resolve("study.yaml"), studyText);
        AtomicFiles.write(file, pretty(provenance));
    }

    private void refuseIfDifferent(JsonNode earlier, JsonNode now, String field, String what) {
        String before = earlier.path(field).asText();
        String after = now.path(field).asText();
        if (!before.equals(after)) {
            throw new RunException(path + " holds results of " + what + " (" + abbreviated(before) + ", now "
                    + abbreviated(after) + "). Choose another directory with --out.");
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

    void start(Trial trial) {
        Path folder = trial(trial.id());
        try {
            Files.createDirectories(folder);
            try (Stream<Path> leftovers = Files.walk(folder)) {
                for (Path file : leftovers.filter(Files::isRegularFile).toList()) {
                    Files.delete(file);
                }
            }
            ObjectNode spec = JsonNodeFactory.instance.objectNode();
            spec.put("trial", trial.id().value()).put("name", trial.method()).setAll(trial.canonical());
            AtomicFiles.write(folder.resolve("spec.json"), pretty(spec));
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /**
     * Goes on with a trial where its newest sound checkpoint left it, if it has one.
     *
     * @param damaged hears of every checkpoint that was passed over
     */
    Optional<CheckpointFile> resume(Trial trial, Consumer<Path> damaged) {
        try {
            Optional<CheckpointFile> checkpoint = checkpoints.load(trial, damaged);
            if (checkpoint.isPresent()) {
                sweepTemporaries(trial);
                truncateMetrics(trial, checkpoint.get().metricsBytes());
            }
            return checkpoint;
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private void sweepTemporaries(Trial trial) throws IOException {
        try (Stream<Path> folders = Files.walk(trial(trial.id()))) {
            for (Path folder : folders.filter(Files::isDirectory).toList()) {
                AtomicFiles.sweep(folder, "");
            }
        }
    }

    /** What was written after the checkpoint will be written again. */
    private void truncateMetrics(Trial trial, long bytes) throws IOException {
        Path file = metrics(trial);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.truncate(bytes);
        }
    }

    void checkpoint(Trial trial, MemberState state, List<TrialResult.Row> rows) {
        try {
            long bytes = Files.exists(metrics(trial)) ? Files.size(metrics(trial)) : 0;
            checkpoints.save(trial, new CheckpointFile(state, rows, bytes), backend);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private Path metrics(Trial trial) {
        return trial(trial.id()).resolve("metrics.jsonl");
    }

    void epoch(Trial trial, EpochMetrics metrics) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("epoch", metrics.epoch())
                .put("step", metrics.step())
                .put("learning_rate", metrics.learningRate())
                .put("train_loss", metrics.trainLoss());
        if (metrics.validation() != null) {
            put(metrics.validation(), line);
        }
        line.put("alive_weights", metrics.aliveWeights());
        append(trial, line);
    }

    void evaluation(Trial trial, ValidationPoint point) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("epoch", point.epoch()).put("step", point.step()).put("phase_step", point.phaseStep());
        put(point.validation(), line);
        append(trial, line);
    }

    private static void put(Evaluation validation, ObjectNode line) {
        line.put("validation_error", validation.errorPercent()).put("validation_loss", validation.loss());
    }

    private void append(Trial trial, ObjectNode line) {
        try {
            Files.writeString(
                    metrics(trial),
                    line + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Writes the model of a readout and says how long its file is. */
    long model(Trial trial, Readout readout) {
        NetworkSpec shape = trial.network().withSizes(readout.weights().sizes());
        byte[] model = ModelFile.bytes(shape, readout.weights());
        try {
            AtomicFiles.write(modelPath(trial, readout.target().toString()), model);
            return model.length;
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    void snapshot(Trial trial, Snapshot snapshot) {
        try {
            SnapshotFile.write(trial(trial.id()), trial.network(), snapshot);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    void finish(Trial trial, TrialResult result) {
        try {
            AtomicFiles.write(trial(trial.id()).resolve("result.json"), pretty(result.toJson()));
            checkpoints.delete(trial.id());
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Says why a trial crashed; it is tried again next time. */
    void fail(Trial trial, Throwable cause) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("error", cause.toString());
        for (StackTraceElement frame : cause.getStackTrace()) {
            node.withArray("stack").add(frame.toString());
        }
        try {
            AtomicFiles.write(trial(trial.id()).resolve("failed.json"), pretty(node));
            checkpoints.delete(trial.id());
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** Where the model of a readout is: a folder of its own if the trajectory has several. */
    public Path modelPath(Trial trial, String ratio) {
        return modelPath(path, trial, ratio);
    }

    /** The same without opening the directory. */
    public static Path modelPath(Path run, Trial trial, String ratio) {
        Path folder = run.resolve("trials").resolve(trial.id().value());
        return trial.ratios().size() == 1
                ? folder.resolve("model.safetensors")
                : folder.resolve("ratio-" + ratio).resolve("model.safetensors");
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

    String backend() {
        return backend;
    }

    private static JsonNode read(Path file) {
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
        try {
            for (FileChannel lock : locks) {
                lock.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
