package io.espalier.run;

import io.espalier.compress.CompressionRatio;
import io.espalier.study.TrialId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How fast the models of a run answer, as measured after it: {@code inference.csv}, a line a row of the results. */
public final class InferenceTable {
    private static final String FILE = "inference.csv";
    private static final String HEADER = "trial,ratio_target,inference_us_b1,inference_us_b128,examples_per_second,"
            + "memory_bytes,multiply_adds,backend";

    private final Map<Key, Speed> speeds = new LinkedHashMap<>();

    private record Key(String trial, String ratio) {}

    /**
     * One model's.
     *
     * @param microsecondsOfOne from an example's pixels to its outputs, median
     * @param microsecondsOfBatch the same for 128 examples at once
     * @param memoryBytes of weights and activations for 128 examples
     * @param multiplyAdds of one example, by weights that are there
     */
    public record Speed(
            double microsecondsOfOne, double microsecondsOfBatch, long memoryBytes, long multiplyAdds, String backend) {
        /** Examples that are answered in a second, 128 at once. */
        public double examplesPerSecond() {
            return 128e6 / microsecondsOfBatch;
        }
    }

    /** What a run directory holds; nothing where nothing was measured. */
    public static InferenceTable read(Path run) {
        InferenceTable table = new InferenceTable();
        Path file = run.resolve(FILE);
        if (!Files.exists(file)) {
            return table;
        }
        try {
            List<String> lines = Files.readAllLines(file);
            for (String line : lines.subList(1, lines.size())) {
                String[] cells = line.split(",", -1);
                table.speeds.put(
                        new Key(cells[0], cells[1]),
                        new Speed(
                                Double.parseDouble(cells[2]),
                                Double.parseDouble(cells[3]),
                                Long.parseLong(cells[5]),
                                Long.parseLong(cells[6]),
                                cells[7]));
            }
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            throw new RunException(
                    file + " is damaged. Remove it and type `espalier bench inference " + run + "` again.", e);
        }
        return table;
    }

    /** Sets a model's. */
    public void put(TrialId trial, CompressionRatio ratio, Speed speed) {
        speeds.put(new Key(trial.value(), ratio.toString()), speed);
    }

    /** A model's, if it was measured. */
    public Optional<Speed> of(TrialId trial, String ratio) {
        return Optional.ofNullable(speeds.get(new Key(trial.value(), ratio)));
    }

    /** Writes it into a run directory. */
    public void write(Path run) throws IOException {
        List<String> lines = new ArrayList<>(List.of(HEADER));
        speeds.forEach((key, speed) -> lines.add(String.join(
                ",",
                key.trial,
                key.ratio,
                Csv.number(speed.microsecondsOfOne, 2),
                Csv.number(speed.microsecondsOfBatch, 2),
                Csv.number(speed.examplesPerSecond(), 0),
                Long.toString(speed.memoryBytes),
                Long.toString(speed.multiplyAdds),
                speed.backend)));
        AtomicFiles.write(run.resolve(FILE), String.join("\n", lines) + "\n");
    }
}
