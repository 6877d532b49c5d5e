package io.espalier.network;

import static io.espalier.network.SmallPasses.BATCH;
import static io.espalier.network.SmallPasses.MEMBERS;
import static io.espalier.network.SmallPasses.TRAINING;
import static io.espalier.network.SmallPasses.curvature;
import static io.espalier.network.SmallPasses.fill;
import static io.espalier.network.SmallPasses.gradients;
import static io.espalier.network.SmallPasses.moved;
import static io.espalier.network.SmallPasses.network;
import static io.espalier.network.SmallPasses.parameters;
import static io.espalier.network.SmallPasses.some;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.backend.reference.ReferenceBackend;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradient and curvature of every layer of convolutional networks: against finite differences, and against the network unrolled. */
class ConvolutionalDerivativeTest {
    /**
     * Exact in float32 beside parameters, which are multiples of 1/1024 below 8. So small that with these numbers no rectified unit and
     * no maximum changes sides.
     */
    private static final float STEP = 0x1p-20f;

    private final Backend reference = ReferenceBackend.open();

    /** What the outputs are judged by. */
    private enum Objective {
        CROSS_ENTROPY,
        HALF_SQUARED_ERROR,
        DISTILLATION;

        Loss loss() {
            return this == HALF_SQUARED_ERROR ? Loss.MSE : Loss.SOFTMAX;
        }
    }

    static List<Arguments> everyGradient() {
        List<Arguments> all = new ArrayList<>();
        for (Wiring wiring : Wiring.values()) {
            for (Activation activation : Activation.values()) {
                for (Objective objective : Objective.values()) {
                    for (boolean training : new boolean[] {true, false}) {
                        all.add(arguments(wiring, activation, objective, training));
                    }
                }
            }
        }
        return all;
    }

    /** In training, where moments are the batch's own, and in evaluation, where they are constants. */
    @ParameterizedTest
    @MethodSource("everyGradient")
    void backwardIsTheDerivativeOfForward(Wiring wiring, Activation activation, Objective objective, boolean training) {
        NetworkSpec spec = wiring.spec(activation, objective.loss());
        DropoutPlan drops = training ? TRAINING : DropoutPlan.NONE;
        Parameters at = parameters(spec);
        try (Network network = network(reference, spec, at, Representation.dense(spec));
                Pass pass = network.pass(BATCH)) {
            loss(network, pass, drops, objective);
            network.backward(pass, drops);
            List<double[]> gradients = gradients(reference, network);
            double worst = 0;
            double norm = 0;
            for (int p = 0; p < gradients.size(); p++) {
                for (int i = 0; i < gradients.get(p).length; i += 1 + gradients.get(p).length / 5) {
                    network.write(1, moved(at, p, i, STEP));
                    double above = loss(network, pass, drops, objective);
                    network.write(1, moved(at, p, i, -STEP));
                    double slope = (above - loss(network, pass, drops, objective)) / (2 * STEP);
                    worst = Math.max(worst, Math.abs(slope - gradients.get(p)[i]));
                    norm = Math.max(norm, Math.abs(slope));
                }
            }
            assertTrue(worst < 1e-6 * norm + 1e-8, worst + " of gradients up to " + norm);
            assertTrue(norm > 1e-3, "gradients are not zero");
        }
    }

    /** Member 1's mean loss, after a forward pass; its gradient by the outputs is left in the pass. */
    private double loss(Network network, Pass pass, DropoutPlan drops, Objective objective) {
        fill(reference, pass);
        network.forward(pass, drops);
        try (Tensor sum = reference.zeros(ElementType.REAL, Shape.scalars(MEMBERS))) {
            if (objective == Objective.DISTILLATION) {
                distil(pass, sum);
            } else {
                network.loss(pass, sum);
            }
            return reference.doubles(sum, 1)[0] / BATCH;
        }
    }

    /** Temperature 3, weight 0.625; the teacher says something else to every example. */
    private void distil(Pass pass, Tensor sum) {
        try (Tensor teacher = reference.zeros(ElementType.REAL, pass.outputs().shape());
                Tensor temperature = reference.zeros(ElementType.REAL, Shape.scalars(MEMBERS));
                Tensor weight = reference.zeros(ElementType.REAL, Shape.scalars(MEMBERS))) {
            PhiloxSequence random = new PhiloxSequence(new Seed(7), Stream.CONTRACT_INPUT.at(5));
            reference.write(teacher, 1, some(random, teacher.shape().perMember(), -1));
            reference.write(temperature, 1, new float[] {3});
            reference.write(weight, 1, new float[] {0.625f});
            reference.distill(pass.outputs(), pass.labels(), teacher, temperature, weight, pass.outputGradient(), sum);
        }
    }

    static List<Arguments> everyCurvature() {
        List<Arguments> all = new ArrayList<>();
        for (Activation activation : Activation.values()) {
            for (Loss loss : Loss.values()) {
                all.add(arguments(activation, loss));
            }
        }
        return all;
    }

    /**
     * An image of one pixel in the midst of padding: every weight of a filter moves one unit, and what leaves that meets nowhere
     * before the loss. So through every layer the recursion neglects nothing but what the loss has beside its diagonal.
     */
    @ParameterizedTest
    @MethodSource("everyCurvature")
    void curvatureIsExactWhereNoPathsMeet(Activation activation, Loss loss) {
        for (boolean sum : new boolean[] {true, false}) {
            StepList steps = new StepList(4 * 16);
            int normalised = steps.add(new Step.Normalisation(steps.add(new Step.Convolution(0, 4, 1, 3, false), 4)));
            int mean = steps.add(new Step.Pool(Step.Pool.Kind.AVERAGE, normalised, 2, 2));
            int grouped = steps.add(new Step.Convolution(0, 4, 1, 3, 2, true), 4);
            int largest = steps.add(new Step.Pool(Step.Pool.Kind.MAX, grouped, 2, 2));
            int joined = steps.add(sum ? new Step.Sum(mean, largest) : new Step.Concatenation(mean, largest));
            int narrow = sum
                    ? steps.add(new Step.Convolution(joined, 2, 1, 0, 4, true), 4)
                    : steps.add(new Step.GlobalAverage(joined));
            steps.add(new Step.FullyConnected(narrow), 3);
            NetworkSpec spec = new NetworkSpec(
                    steps.architecture("apart", new Features(4, 1, 1)),
                    activation,
                    Activation.LINEAR,
                    loss,
                    Initialization.GLOROT);
            Parameters at = parameters(spec);
            try (Network network = network(reference, spec, at, Representation.dense(spec));
                    Pass pass = network.pass(BATCH)) {
                List<double[]> given = curvature(reference, network, Curvature.EXACT);
                for (int layer = 0; layer < spec.layers(); layer++) {
                    double[] h = given.get(layer);
                    for (int i = 0; i < h.length; i += 1 + h.length / 9) {
                        double right = loss == Loss.MSE
                                ? secondDerivative(network, pass, at, layer, i)
                                : alongTheDiagonal(network, pass, at, layer, i);
                        assertEquals(right, h[i], 1e-7, "layer " + layer + " weight " + i);
                    }
                    assertTrue(Arrays.stream(h).anyMatch(one -> Math.abs(one) > 1e-4), "curvature is not zero");
                }
            }
        }
    }

    private double secondDerivative(Network network, Pass pass, Parameters at, int layer, int index) {
        int parameter = at.weightIndex(layer);
        double[] slopes = new double[2];
        for (int side = 0; side < 2; side++) {
            network.write(1, moved(at, parameter, index, side == 0 ? -STEP : STEP));
            loss(network, pass, DropoutPlan.NONE, Objective.HALF_SQUARED_ERROR);
            network.backward(pass, DropoutPlan.NONE);
            slopes[side] = gradients(reference, network).get(parameter)[index];
        }
        return (slopes[1] - slopes[0]) / (2 * STEP);
    }

    /** What of the second derivative remains if the Hessian of cross-entropy by the outputs z is its diagonal h: h z'^2 + g z''. */
    private double alongTheDiagonal(Network network, Pass pass, Parameters at, int layer, int index) {
        float step = 0x1p-12f;
        double[][] z = new double[3][];
        for (int side = 0; side < 3; side++) {
            network.write(1, moved(at, at.weightIndex(layer), index, (side - 1) * step));
            fill(reference, pass);
            network.forward(pass, DropoutPlan.NONE);
            z[side] = reference.doubles(pass.outputs(), 1);
        }
        network.write(1, at);
        loss(network, pass, DropoutPlan.NONE, Objective.CROSS_ENTROPY);
        double[] g = reference.doubles(pass.outputGradient(), 1);
        double[] h;
        try (Tensor diagonal = reference.zeros(ElementType.REAL, pass.outputs().shape())) {
            reference.softmaxCrossEntropyCurvature(pass.outputs(), diagonal);
            h = reference.doubles(diagonal, 1);
        }
        double sum = 0;
        for (int o = 0; o < g.length; o++) {
            double first = (z[2][o] - z[0][o]) / (2 * step);
            double second = (z[2][o] - 2 * z[1][o] + z[0][o]) / (step * step);
            sum += h[o] * first * first + g[o] * second;
        }
        return sum;
    }

    /**
     * A convolution is a fully connected layer of which many weights are one: its gradient and curvature are the sums of theirs, its
     * Fisher information the mean square of their summed gradients.
     */
    @ParameterizedTest
    @MethodSource("everyCurvature")
    void convolutionIsAFullyConnectedLayerWithSharedWeights(Activation activation, Loss loss) {
        for (int groups : new int[] {1, 2}) {
            for (int[] how : new int[][] {{3, 1, 1}, {3, 2, 1}, {2, 2, 0}, {1, 1, 0}, {1, 2, 0}, {4, 3, 2}}) {
                compareWithUnrolled(activation, loss, new Step.Convolution(0, how[0], how[1], how[2], groups, true));
            }
        }
    }

    private void compareWithUnrolled(Activation activation, Loss loss, Step.Convolution convolution) {
        Features image = new Features(4, 5, 6);
        int outputs = 6;
        int kernel = convolution.kernel();
        StepList steps = new StepList(image.channels() / convolution.groups() * kernel * kernel);
        steps.add(new Step.FullyConnected(steps.add(convolution, outputs)), 3);
        NetworkSpec spec = new NetworkSpec(
                steps.architecture("one", image), activation, Activation.LINEAR, loss, Initialization.HE);
        Parameters shared = parameters(spec);
        Features result = spec.architecture().values().get(1);
        NetworkSpec unrolled = new NetworkSpec(
                List.of(image.count(), result.count(), 3), activation, Activation.LINEAR, loss, Initialization.HE);
        int[] weightOf = weightOf(convolution, image, result);
        Parameters spread = spread(shared, unrolled, weightOf, result.places());
        try (Network small = network(reference, spec, shared, Representation.dense(spec));
                Network large = network(reference, unrolled, spread, Representation.dense(unrolled))) {
            double[] gradient = gradients(reference, small, DropoutPlan.NONE).get(0);
            assertSums(
                    weightOf,
                    gradients(reference, large, DropoutPlan.NONE).get(0),
                    gradient,
                    convolution + " gradient");
            for (Curvature kind : List.of(Curvature.EXACT, Curvature.LEVENBERG_MARQUARDT)) {
                assertSums(
                        weightOf,
                        curvature(reference, large, kind).get(0),
                        curvature(reference, small, kind).get(0),
                        convolution + " " + kind);
            }
        }
    }

    /** Which weight of the convolution stands in each place of the unrolled matrix, -1 for none. */
    private static int[] weightOf(Step.Convolution step, Features image, Features result) {
        int[] weightOf = new int[result.count() * image.count()];
        Arrays.fill(weightOf, -1);
        int inputsOfGroup = image.channels() / step.groups();
        int outputsOfGroup = result.channels() / step.groups();
        for (int o = 0; o < result.count(); o++) {
            int channel = o / result.places();
            int top = o % result.places() / result.width() * step.stride() - step.padding();
            int left = o % result.width() * step.stride() - step.padding();
            for (int c = 0; c < inputsOfGroup; c++) {
                int from = channel / outputsOfGroup * inputsOfGroup + c;
                for (int ky = 0; ky < step.kernel(); ky++) {
                    for (int kx = 0; kx < step.kernel(); kx++) {
                        int y = top + ky;
                        int x = left + kx;
                        if (y >= 0 && y < image.height() && x >= 0 && x < image.width()) {
                            int pixel = (from * image.height() + y) * image.width() + x;
                            weightOf[o * image.count() + pixel] =
                                    ((channel * inputsOfGroup + c) * step.kernel() + ky) * step.kernel() + kx;
                        }
                    }
                }
            }
        }
        return weightOf;
    }

    private static Parameters spread(Parameters shared, NetworkSpec unrolled, int[] weightOf, int places) {
        LayerParameters first = shared.layers().get(0);
        float[] weight = new float[weightOf.length];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = weightOf[i] < 0 ? 0 : first.weight()[weightOf[i]];
        }
        float[] bias = new float[unrolled.outputs(0)];
        for (int i = 0; i < bias.length; i++) {
            bias[i] = first.bias()[i / places];
        }
        byte[] alive = new byte[weight.length];
        Arrays.fill(alive, (byte) 1);
        return new Parameters(List.of(
                new LayerParameters(unrolled.outputs(0), unrolled.inputs(), weight, alive, bias),
                shared.layers().get(1)));
    }

    private static void assertSums(int[] weightOf, double[] spread, double[] shared, String what) {
        double[] sums = new double[shared.length];
        for (int i = 0; i < spread.length; i++) {
            if (weightOf[i] >= 0) {
                sums[weightOf[i]] += spread[i];
            }
        }
        for (int i = 0; i < sums.length; i++) {
            assertEquals(sums[i], shared[i], 1e-9, what + " weight " + i);
        }
        assertTrue(Arrays.stream(sums).anyMatch(sum -> Math.abs(sum) > 1e-4), what + " is not zero");
    }

    @ParameterizedTest
    @EnumSource(Wiring.class)
    void fisherIsTheMeanOfSquaredGradientsOfWholeExamples(Wiring wiring) {
        for (Activation activation : Activation.values()) {
            for (Loss loss : Loss.values()) {
                compareFisher(wiring.spec(activation, loss));
            }
        }
    }

    private void compareFisher(NetworkSpec spec) {
        try (Network network = network(reference, spec, parameters(spec), Representation.dense(spec));
                Pass all = network.pass(BATCH);
                Pass one = network.pass(1);
                Tensor sum = reference.zeros(ElementType.REAL, Shape.scalars(MEMBERS))) {
            fill(reference, all);
            List<double[]> squares = new ArrayList<>();
            network.prunable()
                    .forEach(weight ->
                            squares.add(new double[weight.value().shape().perMember()]));
            for (int b = 0; b < BATCH; b++) {
                float[] inputs = new float[spec.inputs()];
                for (int f = 0; f < inputs.length; f++) {
                    inputs[f] = reference.floats(all.inputs(), 1)[f * BATCH + b];
                }
                reference.write(one.inputs(), 1, inputs);
                reference.write(one.labels(), 1, new int[] {reference.ints(all.labels(), 1)[b]});
                network.forward(one, DropoutPlan.NONE);
                network.loss(one, sum);
                network.backward(one, DropoutPlan.NONE);
                for (int l = 0; l < squares.size(); l++) {
                    double[] gradient =
                            reference.doubles(network.prunable().get(l).gradient(), 1);
                    for (int i = 0; i < gradient.length; i++) {
                        squares.get(l)[i] += gradient[i] * gradient[i] / BATCH;
                    }
                }
            }
            List<double[]> given = curvature(reference, network, Curvature.EMPIRICAL_FISHER);
            for (int l = 0; l < squares.size(); l++) {
                for (int i = 0; i < squares.get(l).length; i++) {
                    assertEquals(squares.get(l)[i], given.get(l)[i], 1e-10, spec + " layer " + l);
                }
            }
        }
    }
}
