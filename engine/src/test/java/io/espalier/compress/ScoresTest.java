package io.espalier.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.HostTensors;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.reference.ReferenceBackend;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.Network;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameter;
import io.espalier.network.Parameters;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.network.Representation;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scores of a 4-3-2 network, sigmoid and half squared error, against the derivatives of one example after the other in plain Java. */
class ScoresTest {
    private static final NetworkSpec SPEC =
            new NetworkSpec(List.of(4, 3, 2), Activation.SIGMOID, Activation.SIGMOID, Loss.MSE, Initialization.GLOROT);
    /** More than one batch of every saliency, and a short one at the end. */
    private static final int EXAMPLES = 1013;

    private final Backend backend = ReferenceBackend.open();
    private final Parameters parameters = Parameters.initial(SPEC, new Seed(4), Stream.INITIAL_WEIGHTS, 0);
    private final TrainingExamples training = TrainingData.of(backend, 4, 2, EXAMPLES + 7);
    private final List<double[][]> gradients = new ArrayList<>();
    private final List<double[][]> curvatures = new ArrayList<>();
    private final List<double[][]> gaussNewton = new ArrayList<>();

    ScoresTest() {
        for (int n = 0; n < EXAMPLES; n++) {
            example(n);
        }
    }

    /** Textbook derivatives of one example: each by itself, no matrices. */
    private void example(int n) {
        float[] w1 = parameters.layers().get(0).weight();
        float[] w2 = parameters.layers().get(1).weight();
        double[] x = new double[4];
        for (int i = 0; i < 4; i++) {
            x[i] = (HostTensors.bytes(training.pixels(), 0)[n * 4 + i] & 0xFF) / 255.0;
        }
        double[] a = new double[3];
        for (int k = 0; k < 3; k++) {
            double z = 0;
            for (int i = 0; i < 4; i++) {
                z += w1[k * 4 + i] * x[i];
            }
            a[k] = 1 / (1 + Math.exp(-z));
        }
        double[] deltas = new double[2];
        double[] exact = new double[2];
        double[] dropped = new double[2];
        for (int o = 0; o < 2; o++) {
            double z = 0;
            for (int k = 0; k < 3; k++) {
                z += w2[o * 3 + k] * a[k];
            }
            double y = 1 / (1 + Math.exp(-z));
            double first = y * (1 - y);
            double miss = y - (HostTensors.ints(training.labels(), 0)[n] == o ? 1 : 0);
            deltas[o] = miss * first;
            exact[o] = first * first + miss * first * (1 - 2 * y);
            dropped[o] = first * first;
        }
        double[][] gradient = {new double[12], new double[6]};
        double[][] curvature = {new double[12], new double[6]};
        double[][] positive = {new double[12], new double[6]};
        for (int k = 0; k < 3; k++) {
            double slope = 0;
            double bend = 0;
            double bendDropped = 0;
            for (int o = 0; o < 2; o++) {
                double w = w2[o * 3 + k];
                gradient[1][o * 3 + k] = deltas[o] * a[k];
                curvature[1][o * 3 + k] = exact[o] * a[k] * a[k];
                positive[1][o * 3 + k] = dropped[o] * a[k] * a[k];
                slope += w * deltas[o];
                bend += w * w * exact[o];
                bendDropped += w * w * dropped[o];
            }
            double first = a[k] * (1 - a[k]);
            for (int i = 0; i < 4; i++) {
                gradient[0][k * 4 + i] = first * slope * x[i];
                curvature[0][k * 4 + i] = (first * first * bend + first * (1 - 2 * a[k]) * slope) * x[i] * x[i];
                positive[0][k * 4 + i] = first * first * bendDropped * x[i] * x[i];
            }
        }
        gradients.add(gradient);
        curvatures.add(curvature);
        gaussNewton.add(positive);
    }

    private static double mean(List<double[][]> all, int layer, int i, int... examples) {
        return Arrays.stream(examples).mapToDouble(n -> all.get(n)[layer][i]).sum() / examples.length;
    }

    private static double mean(List<double[][]> all, int layer, int i, int from, int to) {
        return mean(all, layer, i, IntStream.range(from, to).toArray());
    }

    private double mean(List<double[][]> all, int layer, int i) {
        return mean(all, layer, i, 0, EXAMPLES);
    }

    private double expected(String saliency, int layer, int i) {
        double w = parameters.layers().get(layer).weight()[i];
        double half = w * w / 2;
        return switch (saliency) {
            case "obd" -> half * mean(gaussNewton, layer, i);
            case "obd-exact" -> half * mean(curvatures, layer, i);
            case "obd-abs" -> w * w * Math.abs(mean(curvatures, layer, i));
            case "fisher" ->
                half
                        * gradients.stream()
                                .mapToDouble(g -> g[layer][i] * g[layer][i])
                                .sum()
                        / EXAMPLES;
            case "taylor" -> Math.abs(w * mean(gradients, layer, i));
            case "snip" -> Math.abs(w * mean(gradients, layer, i, training.drawn(100, new Seed(0), 0)));
            case "obd-sd" -> half * (mean(gaussNewton, layer, i) + deviation(layer, i));
            default -> throw new IllegalArgumentException(saliency);
        };
    }

    /** Of the means over 100 examples at a time; the last 13 count for 13. */
    private double deviation(int layer, int i) {
        double mean = mean(gaussNewton, layer, i);
        double squares = 0;
        for (int from = 0; from < EXAMPLES; from += 100) {
            int to = Math.min(EXAMPLES, from + 100);
            squares += (to - from) * Math.pow(mean(gaussNewton, layer, i, from, to) - mean, 2);
        }
        return Math.sqrt(squares / EXAMPLES);
    }

    private double[][] scores(Backend on, Saliency saliency, int examples) {
        TrainingExamples here = TrainingData.of(on, 4, 2, EXAMPLES + 7);
        try (Network network = new Network(on, SPEC, List.of(parameters), Representation.dense(SPEC))) {
            return scores(on, network, saliency, new TrainingExamples(here.pixels(), here.labels(), examples));
        }
    }

    private static double[][] scores(Backend on, Network network, Saliency saliency, TrainingExamples training) {
        List<Tensor> scores = network.prunable().stream()
                .map(weight -> on.zeros(ElementType.REAL, weight.value().shape()))
                .toList();
        saliency.score(new Saliency.Subject(on, network, training, new Seed(0), 0), scores);
        return scores.stream().map(score -> on.doubles(score, 0)).toArray(double[][]::new);
    }

    @ParameterizedTest
    @CsvSource({"OBD", "OBD_EXACT", "OBD_ABS", "OBD_SD", "FISHER", "TAYLOR", "SNIP"})
    void areWhatTheFormulasSay(SaliencyKind kind) {
        double[][] right = scores(backend, kind.saliency(), EXAMPLES);
        double[][] fast = scores(new CpuBackend(), kind.saliency(), EXAMPLES);
        double largest = 0;
        for (int layer = 0; layer < 2; layer++) {
            for (int i = 0; i < right[layer].length; i++) {
                double expected = expected(kind.key(), layer, i);
                largest = Math.max(largest, Math.abs(expected));
                // Scores are written as float32.
                assertEquals(expected, right[layer][i], 1e-7 * Math.abs(expected), kind + " " + layer + " " + i);
                assertEquals(expected, fast[layer][i], 1e-4 * Math.abs(expected) + 1e-9, "cpu " + kind);
            }
        }
        assertTrue(largest > 1e-5, "they are not all zero");
    }

    @Test
    void onlyTheExamplesThatWereNamedCount() {
        double[][] few = scores(backend, SaliencyKind.TAYLOR.saliency(), 3);
        double w = parameters.layers().get(1).weight()[2];
        assertEquals(Math.abs(w * mean(gradients, 1, 2, 0, 3)), few[1][2], 1e-7);
        assertThrows(
                IllegalArgumentException.class,
                () -> new TrainingExamples(training.pixels(), training.labels(), EXAMPLES + 8));
    }

    @Test
    void snipDrawsItsExamplesBySeedAndStep() {
        int[] drawn = training.drawn(100, new Seed(0), 0);
        assertEquals(100, Arrays.stream(drawn).distinct().count());
        assertTrue(Arrays.stream(drawn).allMatch(n -> n >= 0 && n < training.count()));
        assertFalse(Arrays.equals(drawn, training.drawn(100, new Seed(1), 0)));
        assertFalse(Arrays.equals(drawn, training.drawn(100, new Seed(0), 1)));
        double[][] all = scores(backend, new SnipSaliency(EXAMPLES + 1), EXAMPLES);
        double[][] taylor = scores(backend, SaliencyKind.TAYLOR.saliency(), EXAMPLES);
        for (int layer = 0; layer < 2; layer++) {
            assertArrayEquals(taylor[layer], all[layer], 1e-9, "of all examples it is Taylor's");
        }
        assertEquals("snip", new SnipSaliency(100).name());
        assertEquals("snip examples=7", new SnipSaliency(7).name());
        assertThrows(IllegalArgumentException.class, () -> new SnipSaliency(0));
    }

    @Test
    void obdSdInItsTwoReadings() {
        double[][] obd = scores(backend, SaliencyKind.OBD.saliency(), EXAMPLES);
        assertArrayEquals(
                obd[0], scores(backend, new ObdSdSaliency(new ObdSdSaliency.MeanPlusSd(0)), EXAMPLES)[0], 1e-9);
        assertArrayEquals(
                scores(backend, SaliencyKind.OBD.saliency(), 100)[1],
                scores(backend, SaliencyKind.OBD_SD.saliency(), 100)[1],
                1e-9,
                "one batch deviates from nothing");
        double[][] one = scores(backend, SaliencyKind.OBD_SD.saliency(), EXAMPLES);
        double[][] three = scores(backend, new ObdSdSaliency(new ObdSdSaliency.MeanPlusSd(3)), EXAMPLES);
        double[][] standardised = scores(backend, new ObdSdSaliency(new ObdSdSaliency.PerLayerSd()), EXAMPLES);
        for (int layer = 0; layer < 2; layer++) {
            double ratio = standardised[layer][0] / obd[layer][0];
            double mean = 0;
            double squares = 0;
            for (int i = 0; i < obd[layer].length; i++) {
                assertEquals(3 * (one[layer][i] - obd[layer][i]), three[layer][i] - obd[layer][i], 1e-8);
                assertEquals(ratio, standardised[layer][i] / obd[layer][i], 1e-5 * ratio, "one factor a layer");
                mean += standardised[layer][i] / obd[layer].length;
            }
            for (double value : standardised[layer]) {
                squares += (value - mean) * (value - mean) / obd[layer].length;
            }
            assertEquals(1, Math.sqrt(squares), 1e-5);
        }
        assertEquals("obd-sd", new ObdSdSaliency(new ObdSdSaliency.MeanPlusSd(1)).name());
        assertEquals("obd-sd c=0.5", new ObdSdSaliency(new ObdSdSaliency.MeanPlusSd(0.5)).name());
        assertEquals("obd-sd c=2", new ObdSdSaliency(new ObdSdSaliency.MeanPlusSd(2)).name());
        assertEquals("obd-sd per-layer-sd", new ObdSdSaliency(new ObdSdSaliency.PerLayerSd()).name());
        assertThrows(IllegalArgumentException.class, () -> new ObdSdSaliency.MeanPlusSd(-1));
    }

    /** Sparse layers are scored as they are stored; layers that have lost all weights give no trouble. */
    @Test
    void sparseLayersGetTheSameScores() {
        List<LayerParameters> layers = new ArrayList<>();
        for (LayerParameters layer : parameters.layers()) {
            byte[] mask = new byte[layer.mask().length];
            for (int i = 0; i < mask.length; i++) {
                mask[i] = (byte) (layer.inputs() == 4 ? i % 2 : 0);
            }
            layers.add(new LayerParameters(layer.outputs(), layer.inputs(), layer.weight(), mask, layer.bias())
                    .withValues(layer.weight(), layer.bias()));
        }
        Parameters pruned = new Parameters(layers);
        for (SaliencyKind kind : SaliencyKind.values()) {
            List<float[]> dense = new ArrayList<>();
            for (boolean sparse : new boolean[] {false, true}) {
                try (Network network = new Network(
                        backend,
                        SPEC,
                        List.of(pruned),
                        new Representation(Collections.nCopies(
                                SPEC.layers(),
                                sparse ? new Representation.Form.Sparse() : new Representation.Form.Dense())))) {
                    List<Tensor> scores = network.prunable().stream()
                            .map(weight -> backend.zeros(
                                    ElementType.REAL, weight.value().shape()))
                            .toList();
                    kind.saliency().score(new Saliency.Subject(backend, network, training, new Seed(0), 3), scores);
                    for (int l = 0; l < 2; l++) {
                        Parameter weight = network.prunable().get(l);
                        backend.applyMask(scores.get(l), weight.mask());
                        float[] here = weight.read(backend, scores.get(l), 0);
                        if (sparse) {
                            assertArrayEquals(dense.get(l), here, 1e-7f, kind.key());
                        } else {
                            dense.add(here);
                        }
                    }
                    Pruner.prune(
                            new Saliency.Subject(backend, network, training, new Seed(0), 3),
                            kind.saliency(),
                            Scope.LAYER,
                            2);
                    assertEquals(2, network.aliveWeights(0));
                }
            }
        }
    }

    /** Shares go by the sizes of the layers, also where a layer's mask has no place for what is pruned. */
    @Test
    void layerScopeCountsPrunedWeightsOfSparseLayers() {
        NetworkSpec spec = new NetworkSpec(
                List.of(20, 10, 2), Activation.RELU, Activation.LINEAR, Loss.SOFTMAX, Initialization.HE);
        Parameters start = Parameters.initial(spec, new Seed(0), Stream.INITIAL_WEIGHTS, 0);
        byte[] mask = new byte[200];
        for (int i = 0; i < 20; i++) {
            mask[10 * i] = 1;
        }
        LayerParameters first = start.layers().get(0);
        LayerParameters pruned = new LayerParameters(10, 20, first.weight(), mask, first.bias())
                .withValues(first.weight(), first.bias());
        Parameters parameters = new Parameters(List.of(pruned, start.layers().get(1)));
        try (Network network = new Network(
                backend,
                spec,
                List.of(parameters),
                new Representation(List.of(new Representation.Form.Sparse(), new Representation.Form.Dense())))) {
            Saliency.Subject subject =
                    new Saliency.Subject(backend, network, TrainingData.of(backend, 20, 2, 9), new Seed(0), 0);
            Pruner.prune(subject, SaliencyKind.MAGNITUDE.saliency(), Scope.LAYER, 11);
            assertEquals(10, network.read(0).layers().get(0).alive());
            assertEquals(1, network.read(0).layers().get(1).alive());
        }
    }

    @Test
    void shapesThatDoNotFitAreRefused() {
        Tensor w = backend.zeros(ElementType.REAL, new Shape(1, 2, 3));
        Tensor h = backend.zeros(ElementType.REAL, new Shape(1, 2, 5));
        Tensor x = backend.zeros(ElementType.REAL, new Shape(1, 3, 5));
        assertThrows(IllegalArgumentException.class, () -> backend.linearInputCurvature(w, null, h, x, x));
        assertThrows(IllegalArgumentException.class, () -> backend.linearWeightCurvature(h, h, x, null, w));
        assertThrows(IllegalArgumentException.class, () -> backend.linearInputCurvature(w, null, x, null, h));
    }
}
