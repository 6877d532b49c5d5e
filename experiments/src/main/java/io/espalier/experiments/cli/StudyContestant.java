package io.espalier.experiments.cli;

import io.espalier.bench.Contestant;
import io.espalier.bench.StudyBench;
import io.espalier.bench.TrainingProblem;
import io.espalier.experiments.report.CsvTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** {@code espalier run} as a contestant of {@link StudyBench}. */
final class StudyContestant {
    private static final String STUDY =
            """
            study: beside-libtorch
            data: { name: mnist }
            network: lenet-300-100
            training: { epochs: %d, batch: %d, learning-rate: %s, momentum: %s }
            methods:
              - dense: {}
              - prune: { saliency: magnitude, scope: layer, schedule: { cycles: 1, epochs: %d } }
            ratios: [%s]
            seeds: %d
            """;

    private StudyContestant() {}

    /** Arguments: data folder, workers, seeds. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createTempDirectory("beside-libtorch");
        Path file = Files.writeString(
                folder.resolve("study.yaml"),
                STUDY.formatted(
                        StudyBench.EPOCHS,
                        StudyBench.BATCH,
                        StudyBench.LEARNING_RATE,
                        TrainingProblem.MOMENTUM,
                        StudyBench.RECOVERY,
                        StudyBench.RATIOS.stream().map(String::valueOf).collect(Collectors.joining(", ")),
                        Integer.parseInt(arguments[2])));
        Path run = folder.resolve("run");
        int code = Espalier.commandLine(new Services())
                .execute(
                        "run",
                        file.toString(),
                        "--backend",
                        "cpu",
                        "--quiet",
                        "--workers",
                        arguments[1],
                        "--data",
                        arguments[0],
                        "--out",
                        run.toString());
        if (code != ExitCode.DONE) {
            System.exit(code);
        }
        Contestant.say(errors(CsvTable.parse(Files.readString(run.resolve("results.csv")))));
        // What is left is a file or two in the system's folder for such, which is not part of a study.
        System.exit(ExitCode.DONE);
    }

    /** Mean test errors of the dense networks and at every ratio. */
    private static double[] errors(CsvTable table) {
        List<Integer> stations = new ArrayList<>(List.of(1));
        stations.addAll(StudyBench.RATIOS);
        return stations.stream()
                .mapToDouble(ratio -> table.rows().stream()
                        .filter(row -> Double.parseDouble(row.get("ratio_target")) == ratio)
                        .mapToDouble(row -> Double.parseDouble(row.get("test_error")))
                        .average()
                        .orElseThrow())
                .toArray();
    }
}
