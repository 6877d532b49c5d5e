package io.espalier.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Activation;
import io.espalier.compress.Quantizer;
import io.espalier.compress.SaliencyKind;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.ModelFile;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.network.SafeTensors;
import io.espalier.network.StoreSpec;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** {@code score} and {@code eval} from their command lines, in this process. */
class ModelCommandsTest {
    private static final NetworkSpec SPEC =
            new NetworkSpec(List.of(784, 6, 2), Activation.TANH, Activation.SIGMOID, Loss.MSE, Initialization.GLOROT);
    private static final String NETWORK = "{ mlp: [784, 6, 2], activation: tanh, output: sigmoid, loss: mse }";

    /** Half the first layer's weights are gone. */
    private static final Parameters PARAMETERS = parameters();

    @TempDir
    private static Path data;

    @TempDir
    private Path folder;

    private StringWriter out;
    private StringWriter err;

    private static Parameters parameters() {
        Parameters dense = Parameters.initial(SPEC, new Seed(1), Stream.INITIAL_WEIGHTS, 0);
        LayerParameters first = dense.layers().get(0);
        byte[] mask = first.mask().clone();
        for (int i = 0; i < mask.length; i += 2) {
            mask[i] = 0;
        }
        LayerParameters pruned = new LayerParameters(6, 784, first.weight(), mask, first.bias())
                .withValues(first.weight(), first.bias());
        return new Parameters(List.of(pruned, dense.layers().get(1)));
    }

    /** Made once: generating takes longer than reading. */
    @BeforeAll
    static void makeData() {
        CommandLine line = Espalier.commandLine(new Services());
        line.setOut(new PrintWriter(new StringWriter()));
        assertEquals(0, line.execute("data", "make", "rectangles", "--data", data.toString()));
    }

    @BeforeEach
    void saveModel() throws IOException {
        out = new StringWriter();
        err = new StringWriter();
        Files.write(folder.resolve("m"), ModelFile.bytes(SPEC, PARAMETERS));
    }

    private int run(String... arguments) {
        CommandLine line = Espalier.commandLine(new Services());
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }

    /** The verb with sound options, but for those given: name and value in turn. */
    private int run(String verb, List<String> changed) {
        List<String> arguments = new ArrayList<>(List.of(
                verb,
                "--model",
                folder.resolve("m").toString(),
                "--network",
                NETWORK,
                "--dataset",
                "rectangles",
                "--data",
                data.toString(),
                "--backend",
                "cpu"));
        if (verb.equals("score")) {
            arguments.addAll(List.of(
                    "--examples",
                    "150",
                    "--saliency",
                    "obd",
                    "--out",
                    folder.resolve("s").toString()));
        }
        for (int i = 0; i < changed.size(); i += 2) {
            int at = arguments.indexOf(changed.get(i));
            if (at < 0) {
                arguments.addAll(changed.subList(i, i + 2));
            } else {
                arguments.set(at + 1, changed.get(i + 1));
            }
        }
        return run(arguments.toArray(String[]::new));
    }

    private List<float[]> scores() throws IOException {
        SafeTensors file = SafeTensors.parse(Files.readAllBytes(folder.resolve("s")), "s");
        assertEquals(
                List.of("layers.0.weight", "layers.1.weight"),
                file.entries().stream().map(SafeTensors.Entry::name).toList());
        assertEquals(List.of(6, 784), file.entries().get(0).shape());
        assertEquals(List.of(2, 6), file.entries().get(1).shape());
        return file.entries().stream()
                .map(entry -> {
                    float[] values = new float[entry.data().length / 4];
                    ByteBuffer.wrap(entry.data())
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .asFloatBuffer()
                            .get(values);
                    return values;
                })
                .toList();
    }

    @ParameterizedTest
    @EnumSource(SaliencyKind.class)
    void everySaliencyIsWrittenUnderTheWeightsNames(SaliencyKind kind) throws IOException {
        assertEquals(0, run("score", List.of("--saliency", kind.key())), err.toString());
        assertEquals(folder.resolve("s").toString(), out.toString().strip());
        List<float[]> fast = scores();
        for (int i = 0; i < 6 * 784; i += 2) {
            assertEquals(0f, fast.get(0)[i], "pruned weights get nothing");
        }
        boolean some = false;
        for (float value : fast.get(1)) {
            some |= value != 0;
        }
        assertTrue(some);
        byte[] file = Files.readAllBytes(folder.resolve("s"));
        assertEquals(0, run("score", List.of("--saliency", kind.key())));
        assertArrayEquals(file, Files.readAllBytes(folder.resolve("s")), "equal scores, equal files");
        assertEquals(0, run("score", List.of("--saliency", kind.key(), "--backend", "reference")), err.toString());
        List<float[]> right = scores();
        for (int l = 0; l < 2; l++) {
            double largest = 0;
            for (float value : right.get(l)) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertArrayEquals(right.get(l), fast.get(l), (float) (1e-5 * largest), kind.key());
        }
    }

    @Test
    void magnitudesAreMagnitudes() throws IOException {
        assertEquals(0, run("score", List.of("--saliency", "magnitude")), err.toString());
        for (int l = 0; l < 2; l++) {
            float[] weights = PARAMETERS.layers().get(l).weight();
            for (int i = 0; i < weights.length; i++) {
                assertEquals(Math.abs(weights[i]), scores().get(l)[i]);
            }
        }
    }

    @Test
    void parametersAreReadAsInAStudy() throws IOException {
        assertEquals(0, run("score", List.of("--saliency", "obd-sd")), err.toString());
        List<float[]> usual = scores();
        assertEquals(0, run("score", List.of("--saliency", "{ obd-sd: { reading: mean-plus-sd, c: 1 } }")));
        assertArrayEquals(usual.get(0), scores().get(0));
        assertEquals(0, run("score", List.of("--saliency", "{ obd-sd: { c: 3 } }")));
        assertTrue(scores().get(1)[0] > usual.get(1)[0]);
        assertEquals(0, run("score", List.of("--saliency", "{ obd-sd: { reading: per-layer-sd } }")));
        assertTrue(scores().get(1)[0] > usual.get(1)[0]);
    }

    @Test
    void evalCountsEveryTestExample() {
        assertEquals(0, run("eval", List.of()), err.toString());
        String fast = out.toString();
        assertTrue(
                fast.matches("(?s)test error  \\d+\\.\\d{4} %  \\(\\d+ of n = 50000\\)\ntest loss   0\\.\\d{6}\n"),
                fast);
        out = new StringWriter();
        assertEquals(0, run("eval", List.of("--backend", "reference")), err.toString());
        assertEquals(error(fast), error(out.toString()), 0.01);
    }

    /** Quantised files are measured as the networks of float32 that they stand for. */
    @Test
    void quantisedModelsAreMeasuredNotScored() throws IOException {
        for (Quantizer to : List.of(new Quantizer.Half(), new Quantizer.Linear(3), new Quantizer.Codebook(2))) {
            Parameters quantised = to.quantised(PARAMETERS);
            byte[] file = ModelFile.bytes(SPEC, quantised);
            assertTrue(file.length < 12_000, to.name() + " takes " + file.length + " bytes");
            out = new StringWriter();
            Files.write(folder.resolve("m"), ModelFile.bytes(SPEC, inFull(quantised)));
            assertEquals(0, run("eval", List.of()), err.toString());
            String full = out.toString();
            out = new StringWriter();
            Files.write(folder.resolve("m"), file);
            assertEquals(0, run("eval", List.of()), err.toString());
            assertEquals(full, out.toString(), to.name());
            err = new StringWriter();
            assertEquals(2, run("score", List.of()));
            assertComplaint("Give a model with dense layers.");
            file[file.length - 3] ^= 4;
            Files.write(folder.resolve("m"), file);
            err = new StringWriter();
            assertEquals(2, run("eval", List.of()));
            assertComplaint("is damaged: its checksum does not match.");
        }
    }

    /** The same weights as dense layers. */
    private static Parameters inFull(Parameters quantised) {
        List<LayerParameters> layers = new ArrayList<>();
        for (LayerParameters layer : quantised.layers()) {
            byte[] mask = layer.mask();
            float[] weight = layer.weight();
            if (layer.store() instanceof StoreSpec.Codebook codebook) {
                mask = codebook.assignment().alive();
                weight = new float[mask.length];
                for (int i = 0, next = 0; i < mask.length; i++) {
                    weight[i] = mask[i] == 0
                            ? 0
                            : layer.weight()[codebook.assignment().entries()[next++]];
                }
            }
            layers.add(new LayerParameters(layer.outputs(), layer.inputs(), weight, mask, layer.bias()));
        }
        return new Parameters(layers);
    }

    private static double error(String text) {
        return Double.parseDouble(text.split(" +")[2]);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "--dataset | rectangle | Did you mean `rectangles`?",
                "--dataset | mnist | espalier data fetch mnist",
                "--network | { mlp: [784, 7, 2] } | layers.0.weight is F32 [6, 784], the network needs F32 [7, 784]",
                "--network | { mlp: [784, 6, 6, 2] } | layers.1.weight is F32 [2, 6]",
                "--network | { mlp: [784, 6, 2], activaton: tanh } | Did you mean `activation`?",
                "--network | lenet-300-10 | Did you mean `lenet-300-100`?",
                "--network | 784-6-2 | `network` cannot be `784-6-2`",
                "--network | ~ ~ | --network is empty",
                "--network | [ | This is not YAML",
                "--model | nowhere/m.safetensors | nowhere/m.safetensors",
                "--backend | gpu | There is no backend `gpu`",
            })
    void mistakesOfBothVerbs(String option, String value, String complaint) {
        for (String verb : List.of("score", "eval")) {
            err = new StringWriter();
            assertEquals(2, run(verb, List.of(option, value)), err.toString());
            assertComplaint(complaint);
        }
        assertFalse(Files.exists(folder.resolve("s")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "--examples | 1201 | Data set rectangles has 1200 training examples, fewer than the 1201",
                "--examples | 0 | --examples must be at least 1",
                "--examples | many | --examples",
                "--saliency | obdd | Did you mean `obd`?",
                "--saliency | ~ ~ | --saliency is empty",
                "--saliency | { obd-sd: { reading: per-layer-sd, c: 2 } } | Only the reading `mean-plus-sd` has a `c`",
                "--saliency | { obd-sd: { c: -1 } } | at least 0, got -1",
                "--saliency | { obd: { c: 1 } } | Unknown key `obd`",
                "--out | nowhere/s.safetensors | nowhere/s.safetensors cannot be written",
            })
    void mistakesOfScore(String option, String value, String complaint) {
        assertEquals(2, run("score", List.of(option, value)), err.toString());
        assertComplaint(complaint);
        assertFalse(Files.exists(folder.resolve("s")));
    }

    @Test
    void modelsThatAreNot() throws IOException {
        Files.writeString(folder.resolve("m"), "{}");
        assertEquals(2, run("eval", List.of()));
        assertComplaint("is not a sound safetensors file");
        NetworkSpec wide =
                new NetworkSpec(List.of(9, 2), Activation.TANH, Activation.SIGMOID, Loss.MSE, Initialization.GLOROT);
        Files.write(
                folder.resolve("m"),
                ModelFile.bytes(wide, Parameters.initial(wide, new Seed(1), Stream.INITIAL_WEIGHTS, 0)));
        err = new StringWriter();
        assertEquals(2, run("eval", List.of("--network", "{ mlp: [9, 2] }")));
        assertComplaint("has 784 values an example, but the network has 9 inputs");
        err = new StringWriter();
        assertEquals(2, run("eval", List.of("--network", "{ mlp: [9, 2, 3] }")));
        assertComplaint("has no tensor layers.1.weight");
        err = new StringWriter();
        assertEquals(2, run("eval", List.of("--model", folder.toString())));
        assertComplaint(folder + " cannot be read");
    }

    /** One or two sentences and where to read on, no stack trace. */
    private void assertComplaint(String contains) {
        String text = err.toString().strip();
        assertTrue(text.contains(contains), text);
        assertTrue(text.startsWith("espalier: "), text);
        assertFalse(text.contains("\tat "), text);
        assertTrue(text.lines().count() <= 2, text);
    }
}
