package io.espalier.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Studies whose dense network was trained elsewhere: here, by another study. */
class GivenWeightsTest {
    private static final String STUDY =
            """
            study: given
            data: { name: rectangles, validation: 200 }
            network: { mlp: [784, 10, 2] }
            training: { epochs: 2, batch: 50, learning-rate: 0.05 }
            methods:
              - dense: %s
              - prune: { saliency: magnitude, %s }
            ratios: [4]
            seeds: 2
            """;

    @TempDir
    private Path folder;

    private Path elsewhere;
    private StringWriter err;

    @BeforeEach
    void trainElsewhere() throws IOException {
        assertEquals(0, run("elsewhere", STUDY.formatted("{}", "schedule: one-shot")), () -> err.toString());
        try (Stream<Path> files = Files.walk(folder.resolve("elsewhere/trials"))) {
            List<Path> models = files.filter(file -> file.endsWith("model.safetensors"))
                    .sorted()
                    .toList();
            for (Path model : models) {
                boolean pruned =
                        Files.readString(model, StandardCharsets.ISO_8859_1).contains("layers.0.mask");
                Files.copy(model, folder.resolve(pruned ? "pruned" : "mine"), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        elsewhere = folder.resolve("mine");
    }

    private int run(String name, String study, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve(name + ".yaml"), study);
        err = new StringWriter();
        CommandLine line = Espalier.commandLine(new Services());
        line.setOut(new PrintWriter(new StringWriter()));
        line.setErr(new PrintWriter(err, true));
        List<String> arguments = new ArrayList<>(
                List.of("run", file.toString(), "--out", folder.resolve(name).toString(), "--workers", "2", "--quiet"));
        arguments.addAll(List.of(more));
        return line.execute(arguments.toArray(String[]::new));
    }

    private List<String> errors(String name, String method) throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve(name).resolve("results.csv"));
        int column = List.of(lines.get(0).split(",")).indexOf("test_error");
        return lines.stream()
                .filter(line -> line.contains("," + method + ","))
                .map(line -> line.split(",")[column])
                .toList();
    }

    @Test
    void theyAreMeasuredAndPrunedAndNotTrained() throws IOException {
        String study = STUDY.formatted("{ file: " + elsewhere + " }", "schedule: one-shot");
        assertEquals(0, run("given", study), () -> err.toString());
        List<String> dense = errors("given", "dense");
        assertEquals(2, dense.size());
        assertTrue(errors("elsewhere", "dense").containsAll(dense), "the very network: " + dense);
        assertEquals(2, errors("given", "prune magnitude").size());

        Files.delete(elsewhere);
        assertEquals(0, run("given", study), "a run that is done has its own copy: " + err);
    }

    @Test
    void theyMayBeTheParentsOfTunedMethods() throws IOException {
        String study = STUDY.formatted("{ file: " + elsewhere + " }", "schedule: one-shot")
                + "tune: { training.learning-rate: [0.01, 0.05], budget: 2 }\n";
        assertEquals(0, run("tuned", study), () -> err.toString());
        assertEquals(2, errors("tuned", "prune magnitude").size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ file: nowhere.safetensors }                  | schedule: one-shot        | nowhere.safetensors does not exist.",
                "{ file: FOLDER/pruned }                        | schedule: one-shot        | is compressed already",
                "{ file: FOLDER/mine, training: { epochs: 3 } } | schedule: one-shot        | refused.yaml:6:",
                "{ file: FOLDER/mine }                          | recovery: { rewind: 1ep } | no earlier weights to go back to",
            })
    void whatCannotBeIsRefused(String dense, String pruning, String complaint) throws IOException {
        String study = STUDY.formatted(dense.replace("FOLDER", folder.toString()), pruning);
        assertEquals(2, run("refused", study), () -> err.toString());
        assertTrue(err.toString().startsWith("espalier: "), err.toString());
        assertTrue(err.toString().contains(complaint), err.toString());
        assertTrue(err.toString().strip().lines().count() <= 2, err.toString());
    }

    @Test
    void anotherNetworksAreRefused() throws IOException {
        String study = STUDY.formatted("{ file: " + elsewhere + " }", "schedule: one-shot")
                .replace("784, 10, 2", "784, 12, 2");
        assertEquals(2, run("other", study), () -> err.toString());
        assertTrue(err.toString().contains("mine"), err.toString());
    }
}
