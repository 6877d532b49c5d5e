package io.espalier.experiments.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.espalier.network.ModelFile;
import io.espalier.network.NetworkSpec;
import io.espalier.run.ResultTable;
import io.espalier.run.RunDirectory;
import io.espalier.run.RunException;
import io.espalier.run.TrialResult.Row;
import io.espalier.study.Plan;
import io.espalier.study.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What runs leave, for other programs; reads files only. */
public final class Export {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** In which format. */
    public enum Format {
        /** {@link OnnxModel}. */
        ONNX,
        /** The model file as the run has it: weights, masks, buckets, codebooks. */
        SAFETENSORS,
        /** What was measured while training, a folder a trial. */
        TENSORBOARD
    }

    private final Path run;
    private final Path out;

    private Export(Path run, Path out) {
        this.run = run;
        this.out = out;
    }

    /**
     * Writes what these trials left and returns the paths.
     *
     * @param out folder to write to
     * @throws RunException if there is nothing to write, or no writing
     */
    public static List<Path> write(Path run, Plan plan, List<Trial> trials, Format format, Path out) {
        Export export = new Export(run, out);
        ResultTable table = ResultTable.of(run, plan);
        List<Path> written = new ArrayList<>();
        try {
            for (Trial trial : trials) {
                if (format == Format.TENSORBOARD) {
                    export.events(trial, written);
                } else if (table.result(trial).isPresent()) {
                    for (Row row : table.result(trial).get().rows()) {
                        written.add(export.model(trial, row, format));
                    }
                }
            }
        } catch (IOException e) {
            throw new RunException(
                    "Cannot write to " + out + ": " + e.getMessage() + ". Choose another with --out.", e);
        }
        if (written.isEmpty()) {
            throw new RunException("Of these trials " + run + " holds nothing to export yet.");
        }
        return written;
    }

    private Path model(Trial trial, Row row, Format format) throws IOException {
        Path from = RunDirectory.modelPath(run, trial, row.ratioTarget());
        byte[] bytes;
        if (format == Format.SAFETENSORS) {
            bytes = Files.readAllBytes(from);
        } else {
            NetworkSpec shape = row.shape(trial.network());
            bytes = OnnxModel.bytes(shape, ModelFile.read(shape, from));
        }
        String name = label(trial) + "-" + row.ratioTarget() + "x-seed-" + trial.seed() + "."
                + format.name().toLowerCase(Locale.ROOT);
        Files.createDirectories(out);
        return Files.write(out.resolve(name), bytes);
    }

    private void events(Trial trial, List<Path> written) throws IOException {
        Path metrics = run.resolve("trials").resolve(trial.id().value()).resolve("metrics.jsonl");
        if (!Files.exists(metrics)) {
            return;
        }
        long started = Instant.parse(
                        JSON.readTree(run.resolve("provenance.json").toFile())
                                .required("started")
                                .asText())
                .getEpochSecond();
        EventFile events = new EventFile(started);
        for (String line : Files.readAllLines(metrics)) {
            JsonNode node = JSON.readTree(line);
            for (Iterator<Map.Entry<String, JsonNode>> fields = node.fields(); fields.hasNext(); ) {
                Map.Entry<String, JsonNode> field = fields.next();
                if (!field.getKey().equals("step") && !field.getKey().equals("phase_step")) {
                    events.scalar(
                            field.getKey(),
                            node.required("step").asLong(),
                            field.getValue().floatValue());
                }
            }
        }
        Path folder = out.resolve(label(trial) + "-seed-" + trial.seed())
                .resolve(trial.id().value());
        Files.createDirectories(folder);
        written.add(Files.write(folder.resolve("events.out.tfevents." + started + ".espalier"), events.toBytes()));
    }

    private static String label(Trial trial) {
        return trial.method().replaceAll("[^A-Za-z0-9._-]+", "-");
    }
}
