package io.espalier.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.reference.ReferenceBackend;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The curvature pass against central differences of the analytic gradient, float64: where the recursion is exact and where not. */
class CurvatureTest {
    private static final int BATCH = 9;
    private static final int MEMBERS = 2;

    /** Weights are multiples of it, so that they stay exact in float32 when this much is added. */
    private static final float DELTA = 0x1p-8f;

    private final Backend backend = ReferenceBackend.open();

    private static NetworkSpec spec(Activation hidden, Activation output, Loss loss, Integer... sizes) {
        return new NetworkSpec(List.of(sizes), hidden, output, loss, Initialization.GLOROT);
    }

    /** ||a - b|| / ||b||, layer by layer, of the recursion and the true second derivatives. */
    private List<Double> errors(NetworkSpec spec, Curvature kind) {
        try (Network network = new Network(backend, spec, MEMBERS);
                Pass pass = network.pass(BATCH)) {
            Parameters at = write(network);
            List<double[]> given = curvature(backend, network, kind);
            List<Double> errors = new ArrayList<>();
            for (int layer = 0; layer < spec.layers(); layer++) {
                double[] h = given.get(layer);
                double difference = 0;
                double norm = 0;
                for (int i = 0; i < h.length; i++) {
                    double right = secondDerivative(network, pass, at, layer, i);
                    difference += (h[i] - right) * (h[i] - right);
                    norm += right * right;
                }
                assertTrue(norm > 1e-8, "curvature is not zero");
                errors.add(Math.sqrt(difference / norm));
            }
            return errors;
        }
    }

    static List<Arguments> oneHiddenLayer() {
        List<Arguments> all = new ArrayList<>();
        for (Activation hidden : Activation.values()) {
            for (Activation output : List.of(Activation.LINEAR, Activation.SIGMOID, Activation.TANH)) {
                for (int outputs : new int[] {1, 3, 4}) {
                    all.add(arguments(hidden, output, outputs));
                }
            }
        }
        return all;
    }

    /**
     * A weight into hidden unit k moves the input of that unit alone; what leaves it meets again only in the loss, whose Hessian
     * by the outputs is diagonal. So nothing is neglected, with any number of outputs.
     */
    @ParameterizedTest
    @MethodSource("oneHiddenLayer")
    void oneHiddenLayerWithHalfSquaredErrorIsExact(Activation hidden, Activation output, int outputs) {
        List<Double> errors = errors(spec(hidden, output, Loss.MSE, 5, 6, outputs), Curvature.EXACT);
        assertTrue(errors.get(0) < 1e-6, "layer 0: " + errors);
        assertTrue(errors.get(1) < 1e-6, "layer 1: " + errors);
    }

    @Test
    void deeperDownAnApproximation() {
        List<Double> errors =
                errors(spec(Activation.SIGMOID, Activation.SIGMOID, Loss.MSE, 5, 6, 4, 3), Curvature.EXACT);
        assertTrue(errors.get(0) > 1e-3, "a unit's two paths meet in the third layer: " + errors);
        assertTrue(errors.get(1) < 1e-6, "the last two layers stay exact: " + errors);
        assertTrue(errors.get(2) < 1e-6, "the last two layers stay exact: " + errors);
        // With widths of one there is one path, and nothing to neglect.
        assertTrue(errors(spec(Activation.TANH, Activation.TANH, Loss.MSE, 5, 1, 1, 3), Curvature.EXACT).stream()
                .allMatch(error -> error < 1e-6));
    }

    /** Its Hessian by the logits, diag(p) - p p', is not diagonal: what leaves a hidden unit meets in the softmax. */
    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"LINEAR", "SIGMOID"})
    void softmaxIsExactInTheLastLayerOnly(Activation output) {
        List<Double> errors = errors(spec(Activation.TANH, output, Loss.SOFTMAX, 5, 6, 3), Curvature.EXACT);
        assertTrue(errors.get(0) > 1e-2, "below: " + errors);
        assertTrue(errors.get(1) < 1e-6, "last layer: " + errors);
    }

    @Test
    void levenbergMarquardtIsExactWhereNothingCurvesButTheLoss() {
        for (Loss loss : Loss.values()) {
            List<Double> errors =
                    errors(spec(Activation.SIGMOID, Activation.LINEAR, loss, 5, 6, 3), Curvature.LEVENBERG_MARQUARDT);
            assertTrue(errors.get(1) < 1e-6, loss + " " + errors);
            assertTrue(errors.get(0) > 1e-3, loss + " drops f'': " + errors);
        }
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void signs(Loss loss) {
        for (Activation hidden : Activation.values()) {
            Activation output = loss == Loss.MSE ? Activation.SIGMOID : Activation.LINEAR;
            try (Network network = new Network(backend, spec(hidden, output, loss, 5, 6, 4, 3), MEMBERS)) {
                write(network);
                for (Curvature kind : List.of(Curvature.LEVENBERG_MARQUARDT, Curvature.EMPIRICAL_FISHER)) {
                    for (double[] layer : curvature(backend, network, kind)) {
                        for (double h : layer) {
                            assertTrue(h >= 0, kind + " gives " + h);
                        }
                    }
                }
                boolean curved = hidden == Activation.SIGMOID || hidden == Activation.TANH;
                boolean negative = curvature(backend, network, Curvature.EXACT).stream()
                        .flatMapToDouble(java.util.Arrays::stream)
                        .anyMatch(h -> h < 0);
                assertTrue(negative || !curved, "f'' gives some weights a negative curvature");
            }
        }
    }

    /** What a layer's weights are stored as changes no curvature, and the fast backend agrees. */
    @ParameterizedTest
    @EnumSource(Curvature.class)
    void sparseLayersAndTheFastBackend(Curvature kind) {
        NetworkSpec spec = spec(Activation.TANH, Activation.SIGMOID, Loss.MSE, 5, 6, 7, 3);
        List<double[]> right = masked(backend, spec, kind, false);
        for (Backend other : List.of(backend, new CpuBackend())) {
            for (boolean sparse : new boolean[] {false, true}) {
                List<double[]> given = masked(other, spec, kind, sparse);
                for (int layer = 0; layer < spec.layers(); layer++) {
                    for (int i = 0; i < right.get(layer).length; i++) {
                        double tolerance = other == backend ? 1e-7 : 1e-5;
                        assertEquals(right.get(layer)[i], given.get(layer)[i], tolerance, kind + " " + sparse);
                    }
                }
            }
        }
    }

    /** Curvatures of the weights that are alive, 0 elsewhere, of a network of which three in five are gone. */
    private List<double[]> masked(Backend on, NetworkSpec spec, Curvature kind, boolean sparse) {
        List<LayerParameters> layers = new ArrayList<>();
        for (LayerParameters layer : parameters(spec).layers()) {
            byte[] mask = layer.mask().clone();
            for (int i = 0; i < mask.length; i++) {
                mask[i] = (byte) (i % 5 < 2 ? 1 : 0);
            }
            layers.add(new LayerParameters(layer.outputs(), layer.inputs(), layer.weight(), mask, layer.bias())
                    .withValues(layer.weight(), layer.bias()));
        }
        Parameters pruned = new Parameters(layers);
        Representation representation = new Representation(java.util.Collections.nCopies(
                spec.layers(), sparse ? new Representation.Form.Sparse() : new Representation.Form.Dense()));
        try (Network network = new Network(on, spec, List.of(pruned, pruned), representation);
                Pass pass = network.pass(BATCH);
                CurvaturePass memory = network.curvaturePass(BATCH, kind)) {
            pass(on, network, pass);
            network.curvature(pass, memory);
            List<double[]> all = new ArrayList<>();
            for (int l = 0; l < spec.layers(); l++) {
                Parameter weight = network.prunable().get(l);
                float[] dense = weight.read(on, memory.weights().get(l), 1);
                double[] alive = new double[dense.length];
                for (int i = 0; i < alive.length; i++) {
                    alive[i] = pruned.layers().get(l).mask()[i] * dense[i];
                }
                all.add(alive);
            }
            return all;
        }
    }

    /** Squares of single examples' gradients, each found by itself. */
    @ParameterizedTest
    @EnumSource(Loss.class)
    void fisherIsTheMeanOfSquaredGradients(Loss loss) {
        NetworkSpec spec = spec(Activation.RELU, Activation.SIGMOID, loss, 5, 6, 4, 3);
        try (Network network = new Network(backend, spec, MEMBERS);
                Pass all = network.pass(BATCH);
                Pass one = network.pass(1);
                Tensor sum = backend.zeros(ElementType.REAL, Shape.scalars(MEMBERS))) {
            write(network);
            fill(backend, all);
            List<double[]> squares = new ArrayList<>();
            network.prunable()
                    .forEach(weight ->
                            squares.add(new double[weight.value().shape().perMember()]));
            for (int b = 0; b < BATCH; b++) {
                float[] inputs = new float[5];
                for (int f = 0; f < 5; f++) {
                    inputs[f] = backend.floats(all.inputs(), 1)[f * BATCH + b];
                }
                backend.write(one.inputs(), 1, inputs);
                backend.write(one.labels(), 1, new int[] {backend.ints(all.labels(), 1)[b]});
                network.forward(one, DropoutPlan.NONE);
                network.loss(one, sum);
                network.backward(one, DropoutPlan.NONE);
                for (int l = 0; l < squares.size(); l++) {
                    double[] gradient =
                            backend.doubles(network.prunable().get(l).gradient(), 1);
                    for (int i = 0; i < gradient.length; i++) {
                        squares.get(l)[i] += gradient[i] * gradient[i] / BATCH;
                    }
                }
            }
            List<double[]> given = curvature(backend, network, Curvature.EMPIRICAL_FISHER);
            for (int l = 0; l < squares.size(); l++) {
                for (int i = 0; i < squares.get(l).length; i++) {
                    assertEquals(squares.get(l)[i], given.get(l)[i], 1e-12);
                }
            }
        }
    }

    // ---- plumbing ---------------------------------------------------------------------------------------------------

    private static Parameters parameters(NetworkSpec spec) {
        List<LayerParameters> layers = new ArrayList<>();
        for (LayerParameters layer :
                Parameters.initial(spec, new Seed(5), Stream.INITIAL_WEIGHTS, 0).layers()) {
            float[] weight = layer.weight().clone();
            for (int i = 0; i < weight.length; i++) {
                weight[i] = Math.round(2 * weight[i] / DELTA) * DELTA;
            }
            float[] bias = new float[layer.outputs()];
            for (int i = 0; i < bias.length; i++) {
                bias[i] = (i % 3 - 1) * 0.25f;
            }
            layers.add(new LayerParameters(layer.outputs(), layer.inputs(), weight, layer.mask(), bias));
        }
        return new Parameters(layers);
    }

    private static Parameters write(Network network) {
        Parameters parameters = parameters(network.spec());
        for (int r = 0; r < network.members(); r++) {
            network.write(r, parameters);
        }
        return parameters;
    }

    private static void fill(Backend on, Pass pass) {
        for (int r = 0; r < MEMBERS; r++) {
            PhiloxSequence random = new PhiloxSequence(new Seed(r), Stream.CONTRACT_INPUT.at(2));
            float[] inputs = new float[pass.inputs().shape().perMember()];
            for (int i = 0; i < inputs.length; i++) {
                inputs[i] = (float) random.nextDouble();
            }
            int[] labels = new int[BATCH];
            for (int i = 0; i < BATCH; i++) {
                labels[i] = random.nextInt(pass.outputs().shape().rows());
            }
            on.write(pass.inputs(), r, inputs);
            on.write(pass.labels(), r, labels);
        }
    }

    private static void pass(Backend on, Network network, Pass pass) {
        fill(on, pass);
        try (Tensor sum = on.zeros(ElementType.REAL, Shape.scalars(MEMBERS))) {
            network.forward(pass, DropoutPlan.NONE);
            network.loss(pass, sum);
        }
    }

    /** Member 1's curvatures, layer by layer. */
    private static List<double[]> curvature(Backend on, Network network, Curvature kind) {
        try (Pass pass = network.pass(BATCH);
                CurvaturePass memory = network.curvaturePass(BATCH, kind)) {
            pass(on, network, pass);
            network.curvature(pass, memory);
            return memory.weights().stream()
                    .map(tensor -> on.doubles(tensor, 1))
                    .toList();
        }
    }

    /** Fourth-order central difference of member 1's gradient by one weight. */
    private double secondDerivative(Network network, Pass pass, Parameters at, int layer, int index) {
        double near =
                gradient(network, pass, at, layer, index, DELTA) - gradient(network, pass, at, layer, index, -DELTA);
        double far = gradient(network, pass, at, layer, index, 2 * DELTA)
                - gradient(network, pass, at, layer, index, -2 * DELTA);
        return (8 * near - far) / (12 * DELTA);
    }

    private double gradient(Network network, Pass pass, Parameters at, int layer, int index, float delta) {
        List<LayerParameters> layers = new ArrayList<>(at.layers());
        LayerParameters old = layers.get(layer);
        float[] weight = old.weight().clone();
        weight[index] += delta;
        layers.set(layer, old.withValues(weight, old.bias()));
        network.write(1, new Parameters(layers));
        pass(backend, network, pass);
        network.backward(pass, DropoutPlan.NONE);
        return backend.doubles(network.prunable().get(layer).gradient(), 1)[index];
    }
}
