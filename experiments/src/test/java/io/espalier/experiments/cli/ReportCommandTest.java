package io.espalier.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a report says about a small run, read back from its files. */
class ReportCommandTest {
    private static final Set<String> FIGURES = Set.of(
            "error-by-ratio.svg",
            "error-by-bytes.svg",
            "error-by-training.svg",
            "learning-curves.svg",
            "layer-density.svg",
            "mask-agreement.svg");

    @TempDir
    private static Path folder;

    private static Path run;
    private static JsonNode data;

    @BeforeAll
    static void quickstart() throws IOException {
        run = folder.resolve("run");
        execute(
                "run",
                "quickstart",
                "--quiet",
                "--out",
                run.toString(),
                "--set",
                "training.epochs=6",
                // Small batches, so that no machine trains in no time.
                "--set",
                "training.batch=10",
                "--set",
                "network.mlp=[784, 20, 2]",
                "--set",
                "ratios=[4, 8]",
                "--set",
                "question=Is </script><b> & less?");
        execute("report", run.toString(), "--figures", "--markdown");
        data = data(run);
    }

    private static void execute(String... arguments) {
        StringWriter err = new StringWriter();
        CommandLine line = Espalier.commandLine(new Services());
        line.setOut(new PrintWriter(new StringWriter()));
        line.setErr(new PrintWriter(err, true));
        assertEquals(0, line.execute(arguments), err.toString());
    }

    private static JsonNode data(Path run) throws IOException {
        String page = Files.readString(run.resolve("report.html"));
        int from = page.indexOf("const data = ") + "const data = ".length();
        return JsonMapper.builder().build().readTree(page.substring(from, page.indexOf(";\n", from)));
    }

    /** Its layers are not those of the network that it is compared with, and are more. */
    @Test
    void anotherNetworkHasNoDensities() throws IOException {
        Path other = folder.resolve("other");
        execute(
                "run",
                "quickstart",
                "--quiet",
                "--out",
                other.toString(),
                "--set",
                "training.epochs=1",
                "--set",
                "network.mlp=[784, 20, 2]",
                "--set",
                "methods=[{dense: {}}, {equal-size: {}}, {equal-size: {name: cnn, network: small-cnn}}]",
                "--set",
                "ratios=[4]",
                "--set",
                "seeds=1");
        Set<String> drawn = new TreeSet<>();
        data(other).get("densities").forEach(row -> drawn.add(row.get("method").asText()));
        assertEquals(Set.of("dense", "equal-size"), drawn);
    }

    @Test
    void thePageIsOneFileWhateverTheStudyAsks() throws IOException {
        String page = Files.readString(run.resolve("report.html"));
        assertFalse(page.matches("(?s).*(src|href)=\"http.*"), "nothing is fetched");
        assertFalse(page.contains("Is </script>"), "a question is text in scripts too");
        assertEquals("Is </script><b> & less?", data.get("question").asText());
    }

    @Test
    void everyChartIsAFigureToo() throws Exception {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(run.resolve("figures"))) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                names.add(name);
                byte[] svg = Files.readAllBytes(file);
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(svg));
                String text = new String(svg, java.nio.charset.StandardCharsets.UTF_8);
                assertTrue(text.contains("prune magnitude l1"), name + " names the methods");
                assertTrue(text.contains("<path"), name + " draws");
            }
        }
        assertEquals(new TreeSet<>(FIGURES), names);
    }

    /** Of 784-20-2 with 15,742 parameters 4x leaves 3,935 (22 of them biases): 3,913 weights of 15,720. */
    @Test
    void densitiesAreWhatTheModelsHold() {
        for (JsonNode row : data.get("densities")) {
            double first = row.get("layers").get(0).asDouble();
            double second = row.get("layers").get(1).asDouble();
            if (row.get("method").asText().startsWith("prune")
                    && row.get("ratio").asText().equals("4")) {
                assertEquals(3913, 15680 * first + 40 * second, 2, row.toString());
            } else if (row.get("method").asText().equals("dense")) {
                assertEquals(2, first + second, row.toString());
            }
        }
        JsonNode dense = data.get("rows").get(0);
        assertEquals(1, dense.get("speedUp").asDouble());
    }

    @Test
    void learningCurvesBeginWithTheDenseNetworkAndShowTheCuts() {
        int pruned = 0;
        for (JsonNode curve : data.get("curves")) {
            assertTrue(curve.get("validated").asBoolean());
            JsonNode points = curve.get("points");
            assertEquals(1, points.get(0).get(0).asDouble(), curve.get("method").asText());
            if (curve.get("method").asText().startsWith("prune")) {
                // Six dense epochs, then four cycles of one epoch each.
                assertEquals(10, points.size());
                assertEquals("[6,7,8,9]", curve.get("cuts").toString());
                pruned++;
            }
        }
        assertEquals(9, pruned, "three methods, three seeds");
    }

    @Test
    void onlyWhatTheTestsLeaveIsClaimed() throws IOException {
        long holding = Files.readAllLines(run.resolve("comparisons.csv")).stream()
                .skip(1)
                .map(line -> line.split(",", -1))
                .filter(cells ->
                        !cells[8].isEmpty() && Double.parseDouble(cells[8]) < 0.05 && Double.parseDouble(cells[4]) < 0)
                .count();
        long claimed = 0;
        for (JsonNode claim : data.get("claims")) {
            claimed += claim.get("beaten").size();
        }
        assertEquals(holding, claimed);
        assertTrue(
                data.get("answer").asText().matches("At 8x, [^.]*\\d\\.\\d\\d ± [^.]*\\.\\d\\d %[^.]*\\."),
                data.get("answer").asText());
    }

    @Test
    void theChecklistSaysWhatIsMissed() {
        List<String> missed = Stream.iterate(0, i -> i < data.get("checklist").size(), i -> i + 1)
                .map(data.get("checklist")::get)
                .filter(item -> !item.get("met").asBoolean())
                .map(item -> item.get("what").asText())
                .toList();
        assertEquals(
                List.of("magnitude pruning layer by layer", "five ratios for every method that compresses"), missed);
    }

    @Test
    void markdownHasARowForEachOfTheSummary() throws IOException {
        List<String> markdown = Files.readAllLines(run.resolve("report.md"));
        long rows = markdown.stream()
                .filter(line -> line.matches("\\| (dense|equal|prune).*"))
                .count();
        assertEquals(Files.readAllLines(run.resolve("summary.csv")).size() - 1, rows);
        assertTrue(markdown.contains("* [ ] magnitude pruning layer by layer: none"));
    }
}
