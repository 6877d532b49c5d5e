package io.espalier.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.network.ModelFile;
import io.espalier.network.NetworkSpec;
import io.espalier.study.Trial;
import io.espalier.study.TrialId;
import io.espalier.train.EpochMetrics;
import io.espalier.train.Evaluation;
import io.espalier.train.MemberState;
import io.espalier.train.Readout;
import io.espalier.train.Snapshot;
import io.espalier.train.ValidationPoint;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The files of a trial while this process is its worker. Nothing here makes the folder itself: where it is gone, the trial has another
 * worker.
 */
final class WorkFolder {
    private final Path run;
    private final Trial trial;
    private final Path folder;
    private final CheckpointStore checkpoints;

    /** @param folder null if the trial was lost already */
    WorkFolder(Path run, Trial trial, Path folder) {
        if (folder == null) {
            throw new ClaimLostException(trial, null);
        }
        this.run = run;
        this.trial = trial;
        this.folder = folder;
        this.checkpoints = new CheckpointStore(folder);
    }

    /** Something that is done to files. */
    private interface FileAction<T> {
        T run() throws IOException;
    }

    private <T> T held(FileAction<T> action) {
        try {
            return action.run();
        } catch (IOException e) {
            if (!Files.isDirectory(folder)) {
                throw new ClaimLostException(trial, e);
            }
            throw RunDirectory.unusable(run, e);
        }
    }

    /**
     * Begins the trial, whatever was here before.
     *
     * @param cohort the trials that are started together
     */
    void start(List<TrialId> cohort, Machine machine) {
        held(() -> {
            delete(".*");
            ObjectNode spec = JsonNodeFactory.instance.objectNode();
            spec.put("trial", trial.id().value()).put("name", trial.method()).setAll(trial.canonical());
            write("spec.json", spec);
            return write("provenance.json", new TrialProvenance(cohort, List.of(machine)).toJson());
        });
    }

    private Path write(String name, ObjectNode json) throws IOException {
        Path file = folder.resolve(name);
        AtomicFiles.replace(file, (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
        return file;
    }

    private boolean delete(String names) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (file.getFileName().toString().matches(names)) {
                    Files.delete(file);
                }
            }
        }
        return true;
    }

    /**
     * Goes on with the trial where its newest sound checkpoint left it, if it has one.
     *
     * @param damaged hears of every checkpoint that was passed over
     */
    Optional<CheckpointFile> resume(Machine machine, Consumer<Path> damaged) {
        return held(() -> {
            Optional<CheckpointFile> checkpoint = checkpoints.load(trial, damaged);
            if (checkpoint.isPresent()) {
                // What was half written by a worker that died, and what was written after the checkpoint and will be
                // again.
                delete("\\..*\\.tmp");
                try (FileChannel channel =
                        FileChannel.open(metrics(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                    channel.truncate(checkpoint.get().metricsBytes());
                }
                write("provenance.json", provenance(folder).continuedOn(machine).toJson());
            }
            return checkpoint;
        });
    }

    /** How the trial in a folder was made. */
    static TrialProvenance provenance(Path folder) {
        return TrialProvenance.fromJson(RunDirectory.read(folder.resolve("provenance.json")));
    }

    void checkpoint(MemberState state, List<TrialResult.Row> rows, String backend) {
        held(() -> {
            long bytes = Files.exists(metrics()) ? Files.size(metrics()) : 0;
            checkpoints.save(trial, new CheckpointFile(state, rows, bytes), backend);
            return bytes;
        });
    }

    private Path metrics() {
        return folder.resolve("metrics.jsonl");
    }

    void epoch(EpochMetrics metrics) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("epoch", metrics.epoch())
                .put("step", metrics.step())
                .put("learning_rate", metrics.learningRate())
                .put("train_loss", metrics.trainLoss());
        if (metrics.validation() != null) {
            put(metrics.validation(), line);
        }
        line.put("alive_weights", metrics.aliveWeights());
        append(line);
    }

    void evaluation(ValidationPoint point) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("epoch", point.epoch()).put("step", point.step()).put("phase_step", point.phaseStep());
        put(point.validation(), line);
        append(line);
    }

    private static void put(Evaluation validation, ObjectNode line) {
        line.put("validation_error", validation.errorPercent()).put("validation_loss", validation.loss());
    }

    private void append(ObjectNode line) {
        held(() -> Files.writeString(
                metrics(), line + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }

    /** Writes the model of a readout and says how long its file is. */
    long model(Readout readout) {
        NetworkSpec shape = trial.network().withSizes(readout.weights().sizes());
        byte[] model = ModelFile.bytes(shape, readout.weights());
        Path file = model(folder, trial, readout.target().toString());
        return held(() -> {
            if (!file.getParent().equals(folder) && !Files.isDirectory(file.getParent())) {
                Files.createDirectory(file.getParent());
            }
            AtomicFiles.replace(file, model);
            return (long) model.length;
        });
    }

    /** Where a trial's folder has the model of a readout: in a folder of its own if the trajectory has several. */
    static Path model(Path folder, Trial trial, String ratio) {
        return (trial.ratios().size() == 1 ? folder : folder.resolve("ratio-" + ratio)).resolve("model.safetensors");
    }

    void snapshot(Snapshot snapshot) {
        held(() -> {
            SnapshotFile.write(folder, trial.network(), snapshot);
            return snapshot;
        });
    }

    void finish(TrialResult result) {
        held(() -> {
            Path file = write("result.json", result.toJson());
            checkpoints.delete();
            return file;
        });
    }

    /** Notes why the trial crashed, and for whom. */
    void fail(String worker, Throwable cause) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("error", cause.toString()).put("worker", worker);
        for (StackTraceElement frame : cause.getStackTrace()) {
            node.withArray("stack").add(frame.toString());
        }
        held(() -> {
            checkpoints.delete();
            return write("failed.json", node);
        });
    }
}
