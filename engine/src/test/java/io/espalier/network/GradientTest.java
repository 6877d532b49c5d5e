package io.espalier.network;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.Dropout;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.backend.reference.ReferenceBackend;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The analytic gradient against central differences of the loss, float64, for every activation, output and loss. */
class GradientTest {
    private static final int BATCH = 7;
    private static final int MEMBERS = 2;
    private static final float DELTA = 0x1p-13f;

    private final Backend backend = ReferenceBackend.open();

    static List<Arguments> networks() {
        List<Arguments> all = new ArrayList<>();
        for (Activation activation : Activation.values()) {
            for (Activation output : List.of(Activation.LINEAR, Activation.SIGMOID)) {
                for (Loss loss : Loss.values()) {
                    all.add(arguments(activation, output, loss, 0f));
                }
            }
        }
        all.add(arguments(Activation.TANH, Activation.LINEAR, Loss.SOFTMAX, 0.25f));
        all.add(arguments(Activation.SIGMOID, Activation.LINEAR, Loss.MSE, 0.5f));
        return all;
    }

    /** No rectified unit is so near to its kink here that a difference would reach over it. */
    @ParameterizedTest
    @MethodSource("networks")
    void backwardIsTheDerivativeOfForward(Activation activation, Activation output, Loss loss, float rate) {
        NetworkSpec spec = new NetworkSpec(List.of(5, 6, 4, 3), activation, output, loss, Initialization.GLOROT);
        try (Network network = new Network(backend, spec, MEMBERS);
                Pass pass = network.pass(BATCH)) {
            List<Parameters> parameters = new ArrayList<>();
            for (int r = 0; r < MEMBERS; r++) {
                parameters.add(Parameters.initial(spec, new Seed(3 + r), Stream.INITIAL_WEIGHTS, 0));
                network.write(r, parameters.get(r));
            }
            DropoutPlan drops = drops(rate);
            fill(pass);
            Tensor sum = backend.zeros(ElementType.REAL, Shape.scalars(MEMBERS));
            network.forward(pass, drops);
            network.loss(pass, sum);
            network.backward(pass, drops);
            List<double[]> gradients = new ArrayList<>();
            for (Parameter parameter : network.parameters()) {
                gradients.add(backend.doubles(parameter.gradient(), 1));
            }
            double worst = 0;
            double norm = 0;
            for (int layer = 0; layer < spec.layers(); layer++) {
                double[] weights = gradients.get(2 * layer);
                for (int i = 0; i < weights.length; i++) {
                    worst = Math.max(
                            worst, Math.abs(weights[i] - slope(network, parameters.get(1), layer, i, false, drops)));
                    norm = Math.max(norm, Math.abs(weights[i]));
                }
                double[] biases = gradients.get(2 * layer + 1);
                for (int i = 0; i < biases.length; i++) {
                    worst = Math.max(
                            worst, Math.abs(biases[i] - slope(network, parameters.get(1), layer, i, true, drops)));
                }
            }
            assertTrue(worst < 2e-6 * norm + 1e-8, "largest difference " + worst + " of gradients up to " + norm);
            assertTrue(norm > 1e-3, "gradients are not zero");
        }
    }

    private DropoutPlan drops(float rate) {
        if (rate == 0) {
            return DropoutPlan.NONE;
        }
        Tensor keys = backend.zeros(ElementType.I32, new Shape(MEMBERS, 1, 2));
        Tensor step = backend.zeros(ElementType.I32, Shape.scalars(MEMBERS));
        Tensor rates = backend.zeros(ElementType.REAL, Shape.scalars(MEMBERS));
        for (int r = 0; r < MEMBERS; r++) {
            backend.write(rates, r, new float[] {rate});
        }
        // The input is filled anew before every pass, so only hidden units are dropped here.
        return new DropoutPlan(Dropout.NONE, new Dropout(keys, step, rates, Stream.DROPOUT.at(1)));
    }

    private void fill(Pass pass) {
        for (int r = 0; r < MEMBERS; r++) {
            PhiloxSequence random = new PhiloxSequence(new Seed(r), Stream.CONTRACT_INPUT.at(1));
            float[] inputs = new float[pass.inputs().shape().perMember()];
            for (int i = 0; i < inputs.length; i++) {
                inputs[i] = (float) random.nextDouble();
            }
            int[] labels = new int[BATCH];
            for (int i = 0; i < BATCH; i++) {
                labels[i] = random.nextInt(3);
            }
            backend.write(pass.inputs(), r, inputs);
            backend.write(pass.labels(), r, labels);
        }
    }

    /** Central difference of member 1's mean loss. */
    private double slope(Network network, Parameters at, int layer, int index, boolean bias, DropoutPlan drops) {
        double difference = loss(network, at, layer, index, bias, DELTA, drops)
                - loss(network, at, layer, index, bias, -DELTA, drops);
        // Parameters are stored as float32: divide by the step really taken.
        LayerParameters values = at.layers().get(layer);
        float value = bias ? values.bias()[index] : values.weight()[index];
        return difference / ((double) (value + DELTA) - (value - DELTA));
    }

    private double loss(
            Network network, Parameters at, int layer, int index, boolean bias, float delta, DropoutPlan drops) {
        List<LayerParameters> layers = new ArrayList<>(at.layers());
        LayerParameters old = layers.get(layer);
        float[] weight = old.weight().clone();
        float[] biases = old.bias().clone();
        (bias ? biases : weight)[index] += delta;
        layers.set(layer, old.withValues(weight, biases));
        network.write(1, new Parameters(layers));
        try (Pass pass = network.pass(BATCH)) {
            fill(pass);
            Tensor sum = backend.zeros(ElementType.REAL, Shape.scalars(MEMBERS));
            network.forward(pass, drops);
            network.loss(pass, sum);
            return backend.doubles(sum, 1)[0] / BATCH;
        }
    }
}
