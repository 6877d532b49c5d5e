package io.espalier.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.reference.ReferenceBackend;
import io.espalier.experiments.export.VirtualWeights;
import io.espalier.network.DropoutPlan;
import io.espalier.network.LowRankWeights;
import io.espalier.network.ModelFile;
import io.espalier.network.Network;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.network.Pass;
import io.espalier.network.Representation;
import io.espalier.network.StoreSpec;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import io.espalier.run.ResultTable;
import io.espalier.run.RunDirectory;
import io.espalier.run.TrialResult.Row;
import io.espalier.study.Plan;
import io.espalier.study.Trial;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Models of every method as other programs see them. */
class ExportCommandTest {
    private static final int BATCH = 9;
    private static final double U = 0x1p-24;

    /** A model of every method and of every way to store weights. */
    private static final String METHODS = "methods=["
            + "{ dense: {} },"
            + "{ equal-size: { ratios: [4] } },"
            + "{ hashed: {} },"
            + "{ hashed: { name: paper, mode: paper, hash-biases: true } },"
            + "{ low-rank: { ratios: [4] } },"
            + "{ random-edges: {} },"
            + "{ rigl: { update-every: 10it } },"
            + "{ prune: { saliency: magnitude, schedule: one-shot } },"
            + "{ prune: { saliency: snip, from: scratch } },"
            + "{ prune-neurons: { criterion: weight-norm, ratios: [4] } },"
            + "{ quantise: { to: half } },"
            + "{ quantise: { to: { linear: 5 } } },"
            + "{ quantise: { to: { linear: 11 } } },"
            + "{ quantise: { to: { codebook: 8 } } },"
            + "{ quantise: { name: pruned codebook, to: { codebook: 4 }, from: prune magnitude } }]";

    @TempDir
    private static Path folder;

    private static Path run;

    private static String execute(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Espalier.commandLine(new Services());
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err, true));
        assertEquals(0, line.execute(arguments), err.toString());
        return out.toString();
    }

    @BeforeAll
    static void study() {
        run = folder.resolve("run");
        execute(
                "run",
                "quickstart",
                "--quiet",
                "--backend",
                "cpu",
                "--out",
                run.toString(),
                "--set",
                "training.epochs=2",
                "--set",
                "seeds=1",
                "--set",
                "ratios=[4, 40]",
                "--set",
                "network={ mlp: [784, 30, 20, 2], activation: tanh }",
                "--set",
                METHODS);
    }

    @Test
    void onnxRuntimeSaysWhatTheReferenceSays() throws OrtException, IOException {
        Path models = folder.resolve("models");
        execute("export", run.toString(), "--format", "onnx", "--out", models.toString());
        Plan plan = RunStudy.plan(run);
        ResultTable table = ResultTable.of(run, plan);
        int compared = 0;
        try (OrtEnvironment environment = OrtEnvironment.getEnvironment();
                Backend backend = ReferenceBackend.open()) {
            for (Trial trial : plan.results()) {
                for (Row row : table.result(trial).orElseThrow().rows()) {
                    String name = trial.method().replace(' ', '-') + "-" + row.ratioTarget() + "x-seed-0.onnx";
                    NetworkSpec shape = row.shape(trial.network());
                    Parameters parameters =
                            ModelFile.read(shape, RunDirectory.modelPath(run, trial, row.ratioTarget()));
                    compare(name, environment, models.resolve(name), backend, shape, parameters);
                    compared++;
                }
            }
        }
        assertEquals(plan.rows(), compared);
        try (var files = Files.list(models)) {
            assertEquals(compared, files.count(), "a file a row");
        }
    }

    private static void compare(
            String name,
            OrtEnvironment environment,
            Path model,
            Backend backend,
            NetworkSpec shape,
            Parameters parameters)
            throws OrtException {
        float[] byFeature = new float[shape.inputs() * BATCH];
        PhiloxSequence random = new PhiloxSequence(new Seed(4), Stream.CONTRACT_INPUT.at(0));
        float[][] byExample = new float[BATCH][shape.inputs()];
        for (int i = 0; i < byFeature.length; i++) {
            byFeature[i] = (float) random.nextDouble();
            byExample[i % BATCH][i / BATCH] = byFeature[i];
        }
        double[] bounds = bounds(shape, parameters, byExample);
        double[] right;
        try (Network network =
                        new Network(backend, shape, List.of(parameters), Representation.of(backend, parameters));
                Pass pass = network.pass(BATCH)) {
            backend.write(pass.inputs(), 0, byFeature);
            network.forward(pass, DropoutPlan.NONE);
            right = backend.doubles(pass.outputs(), 0);
        }
        try (OrtSession session = environment.createSession(model.toString());
                OnnxTensor input = OnnxTensor.createTensor(environment, byExample);
                OrtSession.Result result = session.run(Map.of("input", input))) {
            float[][] outputs = (float[][]) result.get("output").orElseThrow().getValue();
            assertEquals(BATCH, outputs.length);
            for (int example = 0; example < BATCH; example++) {
                for (int unit = 0; unit < shape.outputs(); unit++) {
                    assertEquals(right[unit * BATCH + example], outputs[example][unit], bounds[unit], name);
                }
            }
        }
    }

    /**
     * How far float32 outputs may be from exact ones, the largest over the examples: in every layer the contract's 8 u sqrt(n) S, and
     * 16 u for what an activation rounds, on top of what came in, which no activation makes larger.
     */
    private static double[] bounds(NetworkSpec shape, Parameters parameters, float[][] examples) {
        double[] largest = new double[shape.outputs()];
        List<VirtualWeights> virtuals = new ArrayList<>();
        List<double[]> sizes = new ArrayList<>();
        for (int l = 0; l < shape.layers(); l++) {
            virtuals.add(VirtualWeights.of(l, parameters.layers().get(l)));
            sizes.add(sizes(l, parameters.layers().get(l), virtuals.get(l).weights()));
        }
        for (float[] example : examples) {
            double[] values = new double[example.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = example[i];
            }
            double[] errors = new double[values.length];
            for (int l = 0; l < shape.layers(); l++) {
                VirtualWeights virtual = virtuals.get(l);
                double[] next = new double[shape.outputs(l)];
                double[] nextErrors = new double[shape.outputs(l)];
                for (int row = 0; row < next.length; row++) {
                    double sum = virtual.biases()[row];
                    double scale = Math.abs(sum);
                    for (int column = 0; column < values.length; column++) {
                        double weight = virtual.weights()[row * values.length + column];
                        sum += weight * values[column];
                        scale += sizes.get(l)[row * values.length + column] * Math.abs(values[column]);
                        nextErrors[row] += Math.abs(weight) * errors[column];
                    }
                    nextErrors[row] += U * (8 * Math.sqrt(values.length + 1) * scale + 16);
                    next[row] = shape.activation(l) == Activation.TANH ? Math.tanh(sum) : sum;
                }
                values = next;
                errors = nextErrors;
            }
            for (int unit = 0; unit < largest.length; unit++) {
                largest[unit] = Math.max(largest[unit], errors[unit]);
            }
        }
        return largest;
    }

    /** |w| of every connection, or where w is made of two factors the sum of the sizes of its terms. */
    private static double[] sizes(int l, LayerParameters layer, float[] weights) {
        double[] sizes = new double[weights.length];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = Math.abs(weights[i]);
        }
        if (layer.store() instanceof StoreSpec.LowRank product) {
            float[] fixed = LowRankWeights.fixedFactor(product, l, layer.inputs());
            for (int i = 0; i < sizes.length; i++) {
                sizes[i] = 0;
                for (int k = 0; k < product.rank(); k++) {
                    sizes[i] += Math.abs((double) layer.weight()[k * layer.outputs() + i / layer.inputs()]
                            * fixed[k * layer.inputs() + i % layer.inputs()]);
                }
            }
        }
        return sizes;
    }

    /** Of the 24,160 multiply-adds of 784-30-20-2: hashing saves none, rank k leaves k (inputs + outputs), pruning those with weights. */
    @Test
    void theoreticalSpeedUpsCountMultiplyAdds() throws IOException {
        execute("report", run.toString(), "--markdown");
        Map<String, String> speedUps = new HashMap<>();
        for (String line : Files.readAllLines(run.resolve("report.md"))) {
            String[] cells = line.split(" \\| ");
            if (cells.length == 10) {
                speedUps.putIfAbsent(cells[0].replace("| ", ""), cells[7]);
            }
        }
        assertEquals("1.0", speedUps.get("dense"));
        assertEquals("1.0", speedUps.get("hashed"));
        assertEquals("1.0", speedUps.get("quantise half"));
        // 4x leaves floor(24,212 / 4) - 52 = 6,001 of 24,160 weights.
        assertEquals("4.0", speedUps.get("prune magnitude"));
        Trial lowRank = RunStudy.plan(run).results().stream()
                .filter(trial -> trial.method().equals("low-rank"))
                .findFirst()
                .orElseThrow();
        double multiplyAdds = 0;
        for (LayerParameters layer : ModelFile.read(lowRank.network(), RunDirectory.modelPath(run, lowRank, "4"))
                .layers()) {
            int rank = layer.store() instanceof StoreSpec.LowRank product ? product.rank() : 0;
            multiplyAdds += rank == 0 ? layer.weights() : rank * (layer.inputs() + layer.outputs());
        }
        assertEquals(String.format(java.util.Locale.ROOT, "%.1f", 24160 / multiplyAdds), speedUps.get("low-rank"));
    }

    @Test
    void filesSaveWhatOnnxCanSave() throws IOException {
        Path models = folder.resolve("shrunk");
        execute("export", run.toString(), "--format", "onnx", "--out", models.toString());
        long pruned = Files.size(models.resolve("prune-magnitude-40x-seed-0.onnx"));
        long dense = Files.size(models.resolve("dense-1x-seed-0.onnx"));
        assertTrue(pruned < dense, pruned + " of " + dense + " bytes");
        long half = Files.size(models.resolve("quantise-half-1x-seed-0.onnx"));
        assertTrue(half < 0.52 * dense, half + " of " + dense + " bytes");
        long byteEach = Files.size(models.resolve("quantise-linear-5-1x-seed-0.onnx"));
        assertTrue(byteEach < 0.27 * dense, byteEach + " of " + dense + " bytes");
    }

    @Test
    void safetensorsAreTheModelsOfTheRun() throws IOException {
        Path models = folder.resolve("tensors");
        String trial = RunStudy.plan(run).results().get(0).id().value();
        Path folderOfTrial = run.resolve("trials").resolve(trial);
        assertEquals(
                models.resolve("dense-1x-seed-0.safetensors") + System.lineSeparator(),
                execute("export", folderOfTrial.toString(), "--format", "safetensors", "--out", models.toString()));
        assertArrayEquals(
                Files.readAllBytes(folderOfTrial.resolve("model.safetensors")),
                Files.readAllBytes(models.resolve("dense-1x-seed-0.safetensors")));
    }

    private static boolean hasTensorBoard(String python) throws InterruptedException {
        try {
            Process importing = new ProcessBuilder(python, "-c", "import tensorboard.compat")
                    .redirectErrorStream(true)
                    .start();
            importing.getInputStream().readAllBytes();
            return importing.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** TensorBoard itself reads what was written; its reader refuses a record whose checksums are wrong. */
    @Test
    void tensorBoardReadsTheEvents() throws IOException, InterruptedException {
        Path logs = folder.resolve("logs");
        String written = execute("export", run.toString(), "--format", "tensorboard", "--out", logs.toString());
        Trial dense = RunStudy.plan(run).results().get(0);
        Path events = Path.of(written.lines().findFirst().orElseThrow());
        assertEquals(logs.resolve("dense-seed-0").resolve(dense.id().value()), events.getParent());
        String python = System.getenv().getOrDefault("ESPALIER_PYTHON", "python3");
        assumeTrue(
                hasTensorBoard(python),
                "skipped: " + python + " is not there or has no tensorboard; ESPALIER_PYTHON names one that has");
        Process reading = new ProcessBuilder(
                        python,
                        "-c",
                        "import sys; from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader as L\n"
                                + "for e in L(sys.argv[1]).Load():\n"
                                + "  for v in e.summary.value: print(v.tag, e.step, '%.6g' % v.simple_value)",
                        events.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String read = new String(reading.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        List<String> right = new ArrayList<>();
        for (String line : Files.readAllLines(
                run.resolve("trials").resolve(dense.id().value()).resolve("metrics.jsonl"))) {
            JsonNode node = JsonMapper.builder().build().readTree(line);
            node.fieldNames().forEachRemaining(name -> {
                if (!name.equals("step")) {
                    right.add(name + " " + node.get("step") + " "
                            + sixDigits(node.get(name).floatValue()));
                }
            });
        }
        assertEquals(String.join("\n", right), read.strip());
        assertEquals(12, right.size(), "six numbers in each of two epochs");
    }

    /** As C's %.6g. */
    private static String sixDigits(float value) {
        return new BigDecimal(value)
                .round(new MathContext(6))
                .stripTrailingZeros()
                .toPlainString();
    }

    @Test
    void nothingToExportIsAnError() {
        StringWriter err = new StringWriter();
        CommandLine line = Espalier.commandLine(new Services());
        line.setErr(new PrintWriter(err, true));
        assertEquals(
                2,
                line.execute(
                        "export",
                        run.resolve("trials/none").toString(),
                        "--format",
                        "onnx",
                        "--out",
                        folder.toString()));
        assertTrue(err.toString().contains("is not a trial of the study"), err.toString());
    }
}
