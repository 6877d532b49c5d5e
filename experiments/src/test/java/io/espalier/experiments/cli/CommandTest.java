package io.espalier.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.espalier.backend.Backend;
import io.espalier.backend.DeviceUnavailableException;
import io.espalier.backend.Tensor;
import io.espalier.kernels.Inventory;
import io.espalier.run.BackendKind;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The program from its command line, in this process. */
class CommandTest {
    @TempDir
    private Path folder;

    private StringWriter out;
    private StringWriter err;

    @BeforeEach
    void freshOutput() {
        out = new StringWriter();
        err = new StringWriter();
    }

    private int run(String... arguments) {
        return run(new Services(), arguments);
    }

    private int run(Services services, String... arguments) {
        CommandLine line = Espalier.commandLine(services);
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }

    private int tinyQuickstart(String... more) {
        return tinyQuickstart(new Services(), more);
    }

    private int tinyQuickstart(Services services, String... more) {
        List<String> arguments = new java.util.ArrayList<>(List.of(
                "run",
                "quickstart",
                "--out",
                folder.resolve("run").toString(),
                "--set",
                "training.epochs=2",
                "--set",
                "seeds=1",
                "--set",
                "ratios=[4]",
                "--set",
                "network.mlp=[784, 10, 2]",
                "--workers",
                "2"));
        arguments.addAll(List.of(more));
        return run(services, arguments.toArray(String[]::new));
    }

    /** One or two sentences, no stack trace. */
    private void assertComplaint(String contains) {
        String text = err.toString().strip();
        assertTrue(text.contains(contains), text);
        assertTrue(text.startsWith("espalier: "), text);
        assertFalse(text.contains("\tat "), text);
        assertTrue(text.lines().count() <= 2, text);
    }

    @Test
    void aStudyRunsAndPrintsItsTable() throws IOException {
        assertEquals(0, tinyQuickstart(), err.toString());
        for (String method :
                List.of("dense", "equal-size", "prune magnitude l1", "prune magnitude l2", "prune random")) {
            assertTrue(out.toString().lines().anyMatch(line -> line.startsWith(method + " ")), out.toString());
        }
        Path run = folder.resolve("run");
        for (String file : List.of("study.yaml", "provenance.json", "results.csv", "summary.csv", "report.html")) {
            assertTrue(Files.size(run.resolve(file)) > 0, file);
        }
        List<String> results = Files.readAllLines(run.resolve("results.csv"));
        assertEquals(1 + 5, results.size());
        assertEquals(
                results.get(0).split(",").length, results.get(1).split(",", -1).length, "as many cells as headings");
        String provenance = Files.readString(run.resolve("provenance.json"));
        for (String field : List.of("git_commit", "train_sha256", "seeds", "cpu", "java", "backend")) {
            assertTrue(provenance.contains("\"" + field + "\""), provenance);
        }
        assertTrue(err.toString().contains("[5/5]"), "a line a trial in a log: " + err);

        freshOutput();
        assertEquals(0, run("status", run.toString()), err.toString());
        assertTrue(
                out.toString().contains("5 of 5 trials done (0 diverged), 0 started, 0 failed, 0 left."),
                out.toString());
        Files.delete(run.resolve("report.html"));
        Files.delete(run.resolve("results.csv"));
        freshOutput();
        assertEquals(0, run("report", run.toString()), err.toString());
        assertEquals(
                results, Files.readAllLines(run.resolve("results.csv")), "tables come from the result files alone");
        String page = Files.readString(run.resolve("report.html"));
        assertFalse(page.contains("{{"), "every placeholder is filled");
        assertFalse(page.matches("(?s).*(src|href)=\"http.*"), "nothing is fetched");
        freshOutput();
        assertEquals(0, tinyQuickstart("--quiet"));
        assertEquals("", err.toString());
        freshOutput();
        assertEquals(2, tinyQuickstart("--set", "training.batch=40"));
        assertComplaint("holds results of another study");
    }

    @Test
    void rowsWithoutTrainingErrorsAreTheSameButForThose() throws IOException {
        Path table = folder.resolve("run/results.csv");
        assertEquals(0, tinyQuickstart("--quiet"), err.toString());
        List<String> with = Files.readAllLines(table);
        Files.move(folder.resolve("run"), folder.resolve("with"));
        freshOutput();
        assertEquals(0, tinyQuickstart("--quiet", "--set", "data.training-errors=false"), err.toString());
        List<String> without = Files.readAllLines(table);
        List<String> names = List.of(with.get(0).split(","));
        assertEquals(with.size(), without.size());
        for (int line = 1; line < with.size(); line++) {
            String[] full = with.get(line).split(",", -1);
            String[] less = without.get(line).split(",", -1);
            assertFalse(full[names.indexOf("train_error")].isEmpty(), with.get(line));
            assertEquals("", less[names.indexOf("train_error")], without.get(line));
            for (String same : List.of("ratio", "test_error", "validation_error", "stored_bytes")) {
                assertEquals(full[names.indexOf(same)], less[names.indexOf(same)], same);
            }
        }
        String json = Files.readString(folder.resolve("run/trials")
                .resolve(without.get(1).split(",")[1])
                .resolve("result.json"));
        assertTrue(json.contains("\"train_error\" : null") || json.contains("\"train_error\":null"), json);
        freshOutput();
        assertEquals(0, run("report", folder.resolve("run").toString()), err.toString());
        assertEquals(without, Files.readAllLines(table));
    }

    @Test
    void aShrunkNetworkIsEvaluatedByItsOwnSizes() throws IOException {
        String methods = "methods=[{ dense: {} }, { prune-neurons: { criterion: merge } },"
                + " { prune-neurons: { criterion: weight-norm, schedule: one-shot, recovery: scratch } }]";
        assertEquals(0, tinyQuickstart("--quiet", "--check=2", "--set", methods), err.toString());
        assertTrue(out.toString().contains("0 of 150000 predictions differ"), out.toString());
        List<String> table = Files.readAllLines(folder.resolve("run/results.csv"));
        int testError = List.of(table.get(0).split(",")).indexOf("test_error");
        for (String line : table.subList(2, 4)) {
            String[] cells = line.split(",", -1);
            // 784-10-2 has 7872 parameters; of the 787 that a unit has, two go into 1968.
            assertEquals("784-2-2", cells[3], line);
            assertEquals(List.of("1576", "6304"), List.of(cells[7], cells[8]));
            freshOutput();
            String model = folder.resolve("run/trials/" + cells[1] + "/model.safetensors")
                    .toString();
            assertEquals(
                    0,
                    run("eval", "--model", model, "--network", "{ mlp: [784, 2, 2] }", "--dataset", "rectangles"),
                    err.toString());
            assertTrue(out.toString().contains("test error  " + cells[testError] + " %"), out + " for " + line);
            freshOutput();
            assertEquals(
                    2, run("eval", "--model", model, "--network", "{ mlp: [784, 10, 2] }", "--dataset", "rectangles"));
            assertComplaint("Give the network that the file was saved from");
        }
    }

    @Test
    void aCheckedRunComparesEveryCohortAndGivesTheSameModels() throws IOException {
        assertEquals(0, tinyQuickstart("--quiet"), err.toString());
        List<String> plain = Files.readAllLines(folder.resolve("run/summary.csv"));
        assertFalse(out.toString().contains("Checked"), out.toString());
        freshOutput();
        Files.move(folder.resolve("run"), folder.resolve("plain"));
        assertEquals(0, tinyQuickstart("--quiet", "--check=2"), err.toString());
        assertTrue(out.toString().contains("0 of 250000 predictions differ"), out.toString());
        List<String> checked = Files.readAllLines(folder.resolve("run/summary.csv"));
        for (int i = 0; i < plain.size(); i++) {
            assertEquals(withoutTimes(plain.get(i)), withoutTimes(checked.get(i)));
        }
        assertTrue(Files.readString(folder.resolve("run/report.html")).contains("Checked against a second backend"));
        freshOutput();
        assertEquals(2, tinyQuickstart("--check=0"));
        assertTrue(err.toString().contains("--check needs at least one step"), err.toString());
        freshOutput();
        assertEquals(2, tinyQuickstart("--check", "--backend", "reference"));
        assertTrue(err.toString().contains("nothing to be checked against"), err.toString());
    }

    private static String withoutTimes(String line) {
        return line.replaceFirst("[^,]*,([^,]*)$", "$1");
    }

    @Test
    void aCheckedRunThatDisagreesSaysSo() {
        assertEquals(4, tinyQuickstart(new SlightlyWrong(BackendKind.REFERENCE), "--quiet", "--check"), err.toString());
        assertTrue(out.toString().contains("(linearInputGradient)"), out.toString());
        assertTrue(out.toString().contains("THE BOUND IS BROKEN"), out.toString());
    }

    @Test
    void quantisedModelsAreFilesOfTheSizeThatTheTablesSay() throws IOException {
        assertEquals(
                0,
                tinyQuickstart(
                        "--quiet",
                        "--check=1",
                        "--set",
                        "methods=[prune: { saliency: magnitude }, quantise: { to: { codebook: 3 }, from: prune magnitude, epochs: 1 }]",
                        "--set",
                        "published=[{ source: a, ratio: 40, of: bytes, error: 1.58 }]"),
                err.toString());
        List<String> results = Files.readAllLines(folder.resolve("run/results.csv"));
        List<String> head = List.of(results.get(0).split(","));
        String[] cells = results.stream()
                .filter(line -> line.contains(",quantise codebook 3,"))
                .findFirst()
                .orElseThrow()
                .split(",");
        Path model = folder.resolve("run/trials")
                .resolve(cells[head.indexOf("trial")])
                .resolve("model.safetensors");
        assertEquals(Long.toString(Files.size(model)), cells[head.indexOf("file_bytes")]);
        long stored = Long.parseLong(cells[head.indexOf("stored_bytes")]);
        long header = ByteBuffer.wrap(Files.readAllBytes(model))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        assertEquals(Files.size(model), 8 + header + stored, "header and tensors");
        assertTrue(out.toString().contains("0 of "), out.toString());
        String page = Files.readString(folder.resolve("run/report.html"));
        assertTrue(page.contains("\"of\":\"bytes\""), "the mark is on the axis of bytes");
        freshOutput();
        assertEquals(0, run("report", folder.resolve("run").toString()), err.toString());
        assertEquals(results, Files.readAllLines(folder.resolve("run/results.csv")));
    }

    @Test
    void textsOfAStudyCannotBreakOutOfThePage() throws IOException {
        assertEquals(
                0, tinyQuickstart("--quiet", "--set", "question='</script><script>alert(1)</script>'"), err.toString());
        String page = Files.readString(folder.resolve("run/report.html"));
        assertFalse(page.contains("<script>alert"));
        assertTrue(page.contains("\\u003c/script>\\u003cscript>alert(1)"));
    }

    @Test
    void dryRunAndPlanDoNothingButTell() {
        assertEquals(0, tinyQuickstart("--dry-run"));
        assertTrue(out.toString().contains("5 trials, 5 rows of results"), out.toString());
        assertFalse(Files.exists(folder.resolve("run")));
        freshOutput();
        assertEquals(0, run("plan", "quickstart"));
        assertTrue(out.toString().contains("18 trials, 27 rows of results"), out.toString());
    }

    @Test
    void aPlanThatLooksAtTheDataSaysThatItIsAnUpperBound() {
        assertEquals(0, run("plan", "comparative-2019", "--set", "seeds=1", "--set", "ratios=[20]"));
        assertTrue(out.toString().contains(", at most 7160 epochs of training"), out.toString());
    }

    @Test
    void everyShippedStudyPlans() throws IOException {
        try (var files = Files.list(Path.of("studies"))) {
            assertEquals(
                    StudyOptions.SHIPPED.stream().sorted().toList(),
                    files.map(file -> file.getFileName().toString().replace(".yaml", ""))
                            .sorted()
                            .toList());
        }
        for (String study : StudyOptions.SHIPPED) {
            assertEquals(0, run("plan", study), err.toString());
        }
    }

    @Test
    void askingForCudaWithoutOneIsAnErrorThatSaysWhy() {
        assertEquals(3, tinyQuickstart("--backend", "cuda"));
        assertComplaint("Backend cuda cannot be used (--backend cpu can): ");
        assertTrue(err.toString().strip().split("\\.\\s", -1).length <= 2, err.toString());
        assertFalse(Files.exists(folder.resolve("run")));
    }

    @Test
    void badUsage() {
        assertEquals(2, run("run", "quikstart"));
        assertComplaint("Did you mean `quickstart`?");
        freshOutput();
        assertEquals(2, run("run", "quickstart", "--backend", "gpu"));
        assertComplaint("There is no backend `gpu`.");
        freshOutput();
        assertEquals(2, run("run", "quickstart", "--workers", "0"));
        assertComplaint("--workers must be 1 to 4096");
        freshOutput();
        assertEquals(2, run("run"));
        assertComplaint("STUDY.yaml");
        freshOutput();
        assertEquals(2, run("runn"));
        freshOutput();
        assertEquals(2, run());
        freshOutput();
        assertEquals(2, run("status", folder.toString()));
        assertComplaint("is not a run directory");
    }

    private void ownData(String content) throws IOException {
        Path data = Files.createDirectories(folder.resolve("own"));
        assertEquals(
                0,
                run(
                        "data",
                        "make",
                        "rectangles",
                        "--data",
                        folder.resolve("made").toString()));
        for (String name : List.of(
                "train-images-idx3-ubyte",
                "train-labels-idx1-ubyte",
                "t10k-images-idx3-ubyte",
                "t10k-labels-idx1-ubyte")) {
            Files.copy(folder.resolve("made/rectangles").resolve(name), data.resolve(name));
        }
        Path images = data.resolve("train-images-idx3-ubyte");
        byte[] bytes = Files.readAllBytes(images);
        switch (content) {
            case "truncated" -> Files.write(images, java.util.Arrays.copyOf(bytes, bytes.length / 2));
            case "lying" -> {
                bytes[4] = 0x7F;
                Files.write(images, bytes);
            }
            case "label" -> {
                Path labels = data.resolve("t10k-labels-idx1-ubyte");
                byte[] values = Files.readAllBytes(labels);
                values[values.length - 1] = 9;
                Files.write(labels, values);
            }
            default -> {}
        }
        freshOutput();
    }

    @Test
    void ownDataAreRead() throws IOException {
        ownData("sound");
        assertEquals(0, tinyQuickstart("--set", "data={ idx: " + folder.resolve("own") + " }"), err.toString());
    }

    @Test
    void amatDataAreRead() throws IOException {
        Path amat = Files.createDirectories(folder.resolve("amat"));
        String tall = "0 ".repeat(391) + "1 1 " + "0 ".repeat(391) + "1\n";
        String wide = "1 ".repeat(28) + "0 ".repeat(756) + "0\n";
        Files.writeString(amat.resolve("mine_train.amat"), (tall + wide).repeat(150));
        Files.writeString(amat.resolve("mine_test.amat"), (tall + wide).repeat(20));
        assertEquals(0, tinyQuickstart("--set", "data={ amat: " + amat + ", validation: 50 }"), err.toString());
        assertTrue(Files.readString(folder.resolve("run/provenance.json")).contains("\"dataset\" : \"amat\""));
        freshOutput();
        Files.writeString(amat.resolve("mine_test.amat"), tall + "0 1\n");
        assertEquals(2, tinyQuickstart("--set", "data={ amat: " + amat + " }"));
        assertComplaint("mine_test.amat, line 2: it has 2 numbers");
    }

    @Test
    void imagesBecomeBackgrounds() throws IOException {
        Path images = Files.createDirectories(folder.resolve("images"));
        Path made = folder.resolve("made");
        String[] make = {"data", "make", "rectangles-image", "--data", made.toString(), "--images", images.toString()};
        assertEquals(2, run(make));
        assertComplaint("has no images");
        BufferedImage picture = new BufferedImage(64, 48, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 64 * 48; i++) {
            picture.getRaster().setSample(i % 64, i / 64, 0, i * i % 251);
        }
        ImageIO.write(picture, "png", images.resolve("wall.png").toFile());
        freshOutput();
        assertEquals(0, run(make), err.toString());
        assertEquals(made.resolve("rectangles-image") + System.lineSeparator(), out.toString());
        String origin = Files.readString(made.resolve("rectangles-image/origin.txt"));
        assertTrue(origin.startsWith("rectangles-image (patches of 1 image)"), origin);
        assertTrue(origin.contains("wall.png, 64 x 48"), origin);
        freshOutput();
        assertEquals(0, run("data", "list", "--data", made.toString()));
        assertTrue(out.toString().contains("yes, patches of 1 image"), out.toString());
        freshOutput();
        assertEquals(2, run(make));
        assertComplaint("Remove that folder");
        freshOutput();
        assertEquals(2, run("data", "make", "convex", "--data", made.toString(), "--images", images.toString()));
        assertComplaint("has no images in it");
        freshOutput();
        assertEquals(2, run("data", "make", "mnist-rotated", "--data", made.toString()));
        assertComplaint("espalier data fetch mnist");
    }

    @Test
    void truncatedData() throws IOException {
        ownData("truncated");
        assertEquals(2, tinyQuickstart("--set", "data={ idx: " + folder.resolve("own") + " }"));
        assertComplaint("the file holds");
    }

    @Test
    void dataWhoseHeaderPromisesTooMuch() throws IOException {
        ownData("lying");
        assertEquals(2, tinyQuickstart("--set", "data={ idx: " + folder.resolve("own") + " }"));
        assertComplaint("its header promises");
    }

    @Test
    void labelsOutOfRange() throws IOException {
        ownData("label");
        assertEquals(2, tinyQuickstart("--set", "data={ idx: " + folder.resolve("own") + " }"));
        assertComplaint("label 9 of example 49999 is out of range 0..1");
    }

    @Test
    void missingDataSayWhereTheyBelong() {
        assertEquals(
                2,
                run(
                        "run",
                        "mnist-short",
                        "--data",
                        folder.toString(),
                        "--out",
                        folder.resolve("run").toString()));
        assertComplaint(folder.resolve("mnist").toString());
    }

    @Test
    void verifyListsEveryOp() {
        assertEquals(0, run("verify", "--backend", "cpu"), out.toString());
        for (String op : List.of("linear", "softmaxCrossEntropy", "maskedSgd", "pruneLowest")) {
            assertTrue(out.toString().lines().anyMatch(line -> line.startsWith(op + " ") && line.endsWith("ok")), op);
        }
    }

    /** A backend with a relative error of 1e-3 in what linearInputGradient gives. */
    private static final class SlightlyWrong extends Services {
        private final BackendKind wrong;

        private SlightlyWrong(BackendKind wrong) {
            this.wrong = wrong;
        }

        @Override
        Backend open(BackendKind kind) {
            Backend right = super.open(kind);
            if (kind != wrong) {
                return right;
            }
            return (Backend) Proxy.newProxyInstance(
                    Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                        try {
                            Object result = method.invoke(right, arguments);
                            if (method.getName().equals("linearInputGradient")) {
                                spoil(right, (Tensor) arguments[2]);
                            }
                            return result;
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        private static void spoil(Backend backend, Tensor tensor) {
            for (int r = 0; r < tensor.shape().members(); r++) {
                float[] values = backend.floats(tensor, r);
                for (int i = 0; i < values.length; i++) {
                    values[i] *= 1.001f;
                }
                backend.write(tensor, r, values);
            }
        }
    }

    /** As on a machine without ND4J. */
    private static final class NoReference extends Services {
        @Override
        Backend open(BackendKind kind) {
            if (kind == BackendKind.REFERENCE) {
                throw new DeviceUnavailableException("The reference backend needs ND4J.");
            }
            return super.open(kind);
        }
    }

    @Test
    void recordedAnswersReplaceTheReference() {
        String file = folder.resolve("answers").toString();
        assertEquals(0, run("verify", "--record", file), err.toString());
        assertEquals(0, run(new NoReference(), "verify", "--backend", "cpu", "--against", file), err.toString());
        assertEquals(3, run(new NoReference(), "verify", "--backend", "cpu"));
        assertComplaint("needs ND4J");
        freshOutput();
        assertEquals(2, run("verify", "--against", folder.resolve("gone").toString()));
        assertComplaint("gone is not a sound recording");
        freshOutput();
        assertEquals(2, run("verify", "--backend", "reference", "--against", file));
        assertComplaint("cannot be held against them");
    }

    @Test
    void verifyCatchesAnErrorOfOneInAThousand() {
        assertEquals(4, run(new SlightlyWrong(BackendKind.CPU), "verify", "--backend", "cpu"));
        List<String> failed =
                out.toString().lines().filter(line -> line.endsWith("FAILED")).toList();
        assertEquals(1, failed.size(), out.toString());
        assertTrue(failed.get(0).startsWith("linearInputGradient"));
        assertTrue(out.toString().contains("breaks the contract in 1 of"), out.toString());
    }

    @Test
    void doctorMethodsAndDataTell() {
        assertEquals(0, run("doctor"));
        assertTrue(out.toString().contains("float lanes, OpenBLAS"), out.toString());
        for (Inventory.Part part : Inventory.parts()) {
            assertTrue(out.toString().contains(part.state()), part + " is not in:\n" + out);
        }
        freshOutput();
        assertEquals(0, run("methods"));
        assertTrue(out.toString().contains("magnitude"));
        freshOutput();
        assertEquals(0, run("data", "list", "--data", folder.toString()));
        assertTrue(out.toString().contains("rectangles"));
        freshOutput();
        assertEquals(0, run("data", "path", "convex", "--data", folder.toString()));
        assertEquals(folder.resolve("convex") + System.lineSeparator(), out.toString());
        freshOutput();
        assertEquals(2, run("data", "make", "rectangle"));
        assertComplaint("Did you mean `rectangles`?");
    }

    @Test
    void numbersAreWrittenTheSameInEveryLocale() throws IOException {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertEquals(0, tinyQuickstart(), err.toString());
            String row = Files.readAllLines(folder.resolve("run/results.csv")).get(1);
            assertTrue(row.contains(",1.0000,"), row);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void realMnistAtFullSizeForOneEpoch() {
        assumeTrue(
                System.getenv("ESPALIER_DATA") != null, "skipped: ESPALIER_DATA does not name a directory with MNIST");
        assertEquals(
                0,
                run(
                        "run",
                        "mnist-short",
                        "--out",
                        folder.resolve("mnist").toString(),
                        "--set",
                        "training.epochs=1",
                        "--set",
                        "seeds=1",
                        "--set",
                        "methods=[dense: {}]",
                        "--quiet"),
                err.toString());
        String dense = out.toString()
                .lines()
                .filter(line -> line.startsWith("dense"))
                .findFirst()
                .orElseThrow();
        double error = Double.parseDouble(dense.strip().split(" +")[3]);
        assertTrue(error < 6, "one epoch leaves " + error + " % errors");
    }
}
