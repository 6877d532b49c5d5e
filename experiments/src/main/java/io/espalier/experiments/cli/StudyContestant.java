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
            data: { name: mnist, training-errors: %s }
            network: lenet-300-100
            training: { epochs: %d, batch: %d, learning-rate: %s, momentum: %s }
            methods:
              - dense: {}
              - prune: { saliency: magnitude, scope: layer, schedule: { cycles: 1, epochs: %d } }
            ratios: [%s]
            seeds: %d
            """;

    private StudyContestant() {}

    /** Arguments: data folder, workers, seeds and perhaps that training errors count. */
    public static void main(String[] arguments) throws IOException {
        double[] errors;
        try (ScratchFolder scratch = ScratchFolder.of("beside-libtorch")) {
            boolean trainingErrors = List.of(arguments).contains(StudyBench.TRAINING_ERRORS);
            errors = errors(
                    run(scratch.path(), arguments[0], arguments[1], Integer.parseInt(arguments[2]), trainingErrors));
        }
        Contestant.say(errors);
        System.exit(ExitCode.DONE);
    }

    /** The table of the results. */
    private static CsvTable run(Path folder, String data, String workers, int seeds, boolean trainingErrors)
            throws IOException {
        Path file = Files.writeString(
                folder.resolve("study.yaml"),
                STUDY.formatted(
                        trainingErrors,
                        StudyBench.EPOCHS,
                        StudyBench.BATCH,
                        StudyBench.LEARNING_RATE,
                        TrainingProblem.MOMENTUM,
                        StudyBench.RECOVERY,
                        StudyBench.RATIOS.stream().map(String::valueOf).collect(Collectors.joining(", ")),
                        seeds));
        Path run = folder.resolve("run");
        int code = Espalier.commandLine(new Services())
                .execute(
                        "run",
                        file.toString(),
                        "--backend",
                        "cpu",
                        "--quiet",
                        "--workers",
                        workers,
                        "--data",
                        data,
                        "--out",
                        run.toString());
        if (code != ExitCode.DONE) {
            throw new IllegalStateException("espalier run ended with exit code " + code);
        }
        return CsvTable.parse(Files.readString(run.resolve("results.csv")));
    }

    /** The least test errors of the dense networks and at every ratio. */
    private static double[] errors(CsvTable table) {
        List<Integer> stations = new ArrayList<>(List.of(1));
        stations.addAll(StudyBench.RATIOS);
        return stations.stream()
                .mapToDouble(ratio -> table.rows().stream()
                        .filter(row -> Double.parseDouble(row.get("ratio_target")) == ratio)
                        .mapToDouble(row -> Double.parseDouble(row.get("test_error")))
                        .min()
                        .orElseThrow())
                .toArray();
    }
}
