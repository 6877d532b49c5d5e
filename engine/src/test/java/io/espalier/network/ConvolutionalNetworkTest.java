package io.espalier.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.reference.ReferenceBackend;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.network.Parameters.NormParameters;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every layer of convolutional networks: against finite differences, against the same network unrolled, and on every backend. */
class ConvolutionalNetworkTest {
    private static final int BATCH = 5;
    private static final int MEMBERS = 2;
    private static final DropoutPlan TRAINING =
            new DropoutPlan(io.espalier.backend.Dropout.NONE, io.espalier.backend.Dropout.NONE);

    private final Backend reference = ReferenceBackend.open();

    /** Small networks that have every kind of step between them. */
    private enum Wiring {
        PLAIN {
            @Override
            Architecture architecture() {
                StepList steps = new StepList(2 * 9);
                int first = steps.add(new Step.Convolution(0, 3, 1, 1, true), 4);
                int pooled = steps.add(new Step.Pool(Step.Pool.Kind.AVERAGE, first, 2, 2));
                int second = steps.add(new Step.Convolution(pooled, 2, 2, 1, 2, true), 6);
                int hidden = steps.add(new Step.FullyConnected(second), 5);
                steps.add(new Step.FullyConnected(hidden), 3);
                return steps.architecture("plain", new Features(2, 7, 6));
            }
        },
        RESIDUAL {
            @Override
            Architecture architecture() {
                StepList steps = new StepList(2 * 9);
                int stem = steps.add(new Step.Convolution(0, 3, 1, 1, false), 3);
                int inner = steps.add(new Step.Normalisation(stem));
                int through = steps.add(new Step.Convolution(inner, 3, 2, 1, false), 4);
                int between = steps.add(new Step.Normalisation(through));
                int out = steps.add(new Step.Convolution(between, 3, 1, 1, false), 5);
                int around = steps.add(new Step.Convolution(inner, 1, 2, 0, false), 5);
                int sum = steps.add(new Step.Sum(out, around));
                int last = steps.add(new Step.Normalisation(sum));
                int again = steps.add(new Step.Convolution(last, 3, 1, 1, false), 5);
                int sumAgain = steps.add(new Step.Sum(again, sum));
                int means = steps.add(new Step.GlobalAverage(sumAgain));
                steps.add(new Step.FullyConnected(means), 3);
                return steps.architecture("residual", new Features(2, 6, 6));
            }
        },
        DENSE {
            @Override
            Architecture architecture() {
                StepList steps = new StepList(2 * 9);
                int value = steps.add(new Step.Convolution(0, 3, 1, 1, false), 3);
                for (int layer = 0; layer < 2; layer++) {
                    int narrow = steps.add(new Step.Normalisation(value));
                    int inner = steps.add(new Step.Convolution(narrow, 1, 1, 0, false), 4);
                    int wide = steps.add(new Step.Normalisation(inner));
                    int grown = steps.add(new Step.Convolution(wide, 3, 1, 1, false), 2);
                    value = steps.add(new Step.Concatenation(value, grown));
                }
                int pooled = steps.add(new Step.Pool(Step.Pool.Kind.MAX, value, 2, 2));
                steps.add(new Step.FullyConnected(pooled), 3);
                return steps.architecture("dense", new Features(2, 4, 5));
            }
        };

        abstract Architecture architecture();

        NetworkSpec spec(Activation activation, Loss loss) {
            return new NetworkSpec(architecture(), activation, Activation.LINEAR, loss, Initialization.GLOROT);
        }
    }

    // ---- counts -----------------------------------------------------------------------------------------------------

    @Test
    void networksOfTheLiteratureHaveTheirPublishedNumbersOfParametersAndChannels() {
        assertEquals(431_080, named("lenet-5").parameters());
        assertEquals(430_500, named("lenet-5").prunable());
        assertEquals(2_243_546, named("wrn-40-2").parameters());
        assertEquals(691_674, named("wrn-16-2").parameters());
        assertEquals(1_079_642, named("wrn-22-2").parameters());
        assertEquals(1_467_610, named("wrn-28-2").parameters());
        assertEquals(563_930, named("wrn-40-1").parameters());
        assertEquals(769_162, named("densenet-bc-100-12").parameters());
        assertEquals(1_344, freeUnits(named("wrn-40-2")), "channels that may go");
        assertEquals(2_304, freeUnits(named("densenet-bc-100-12")), "channels that may go");
        assertEquals(570, freeUnits(named("lenet-5")), "all of every hidden layer");
    }

    private static NetworkSpec named(String name) {
        return NamedNetwork.find(name).orElseThrow();
    }

    private static int freeUnits(NetworkSpec spec) {
        return IntStream.range(0, spec.layers())
                .filter(spec::hasFreeUnits)
                .map(spec::outputs)
                .sum();
    }

    // ---- derivatives ------------------------------------------------------------------------------------------------

    /** In training, where moments are the batch's own, and in evaluation, where they are constants. */
    @ParameterizedTest
    @EnumSource(Wiring.class)
    void backwardIsTheDerivativeOfForward(Wiring wiring) {
        compareGradients(wiring.spec(Activation.TANH, Loss.SOFTMAX), TRAINING);
        compareGradients(wiring.spec(Activation.SIGMOID, Loss.MSE), DropoutPlan.NONE);
    }

    private void compareGradients(NetworkSpec spec, DropoutPlan drops) {
        Parameters at = parameters(spec);
        try (Network network = network(reference, spec, at, Representation.dense(spec))) {
            List<double[]> gradients = gradients(reference, network, drops);
            double worst = 0;
            double norm = 0;
            for (int p = 0; p < gradients.size(); p++) {
                for (int i = 0; i < gradients.get(p).length; i += 1 + gradients.get(p).length / 9) {
                    double slope = slope(network, at, p, i, drops);
                    worst = Math.max(worst, Math.abs(slope - gradients.get(p)[i]));
                    norm = Math.max(norm, Math.abs(slope));
                }
            }
            assertTrue(worst < 5e-6 * norm + 1e-8, spec + ": " + worst + " of gradients up to " + norm);
            assertTrue(norm > 1e-3, "gradients are not zero");
        }
    }

    private double slope(Network network, Parameters at, int parameter, int index, DropoutPlan drops) {
        float delta = 0x1p-10f;
        double near =
                loss(network, at, parameter, index, delta, drops) - loss(network, at, parameter, index, -delta, drops);
        double far = loss(network, at, parameter, index, 2 * delta, drops)
                - loss(network, at, parameter, index, -2 * delta, drops);
        float value = at.values().get(parameter)[index];
        double taken = ((double) (value + delta) - (value - delta)) / 2;
        return (8 * near - far) / (12 * taken);
    }

    private double loss(Network network, Parameters at, int parameter, int index, float delta, DropoutPlan drops) {
        network.write(1, moved(at, parameter, index, delta));
        try (Pass pass = network.pass(BATCH);
                Tensor sum = reference.zeros(ElementType.REAL, Shape.scalars(MEMBERS))) {
            fill(reference, pass);
            network.forward(pass, drops);
            network.loss(pass, sum);
            return reference.doubles(sum, 1)[0] / BATCH;
        }
    }

    private static Parameters moved(Parameters at, int parameter, int index, float delta) {
        List<float[]> values = new ArrayList<>();
        at.values().forEach(value -> values.add(value.clone()));
        values.get(parameter)[index] += delta;
        return at.withValues(values);
    }

    /** With images of one pixel a weight moves one unit alone, whatever the step: the recursion neglects nothing. */
    @Test
    void curvatureOfSumsConcatenationsAndNormalisationsIsExactWhereNoPathsMeet() {
        for (boolean sum : new boolean[] {true, false}) {
            StepList steps = new StepList(3);
            int left = steps.add(new Step.Normalisation(steps.add(new Step.Convolution(0, 1, 1, 0, false), 4)));
            int right = steps.add(new Step.Convolution(0, 1, 1, 0, true), 4);
            int joined = steps.add(sum ? new Step.Sum(left, right) : new Step.Concatenation(left, right));
            steps.add(new Step.FullyConnected(joined), 3);
            NetworkSpec spec = new NetworkSpec(
                    steps.architecture("joined", new Features(3, 1, 1)),
                    Activation.TANH,
                    Activation.LINEAR,
                    Loss.MSE,
                    Initialization.GLOROT);
            assertCurvatureIsTheSecondDerivative(spec);
        }
    }

    /** A filter as large as the image is a fully connected layer; pools behind it pass one pixel on. */
    @Test
    void curvatureOfConvolutionsIsExactWhereAFilterMeetsAnImageOnce() {
        StepList steps = new StepList(2 * 9);
        int one = steps.add(new Step.Convolution(0, 3, 1, 0, true), 5);
        int pooled = steps.add(new Step.Pool(Step.Pool.Kind.MAX, one, 1, 1));
        steps.add(new Step.FullyConnected(steps.add(new Step.GlobalAverage(pooled))), 3);
        assertCurvatureIsTheSecondDerivative(new NetworkSpec(
                steps.architecture("once", new Features(2, 3, 3)),
                Activation.SIGMOID,
                Activation.SIGMOID,
                Loss.MSE,
                Initialization.GLOROT));
    }

    private void assertCurvatureIsTheSecondDerivative(NetworkSpec spec) {
        Parameters at = parameters(spec);
        try (Network network = network(reference, spec, at, Representation.dense(spec))) {
            List<double[]> given = curvature(reference, network, Curvature.EXACT);
            for (int layer = 0; layer < spec.layers(); layer++) {
                for (int i = 0; i < given.get(layer).length; i++) {
                    double right = secondDerivative(network, at, layer, i);
                    assertEquals(right, given.get(layer)[i], 1e-6, spec + " layer " + layer + " weight " + i);
                }
            }
        }
    }

    private double secondDerivative(Network network, Parameters at, int layer, int index) {
        float delta = 0x1p-8f;
        double near = gradient(network, at, layer, index, delta) - gradient(network, at, layer, index, -delta);
        double far = gradient(network, at, layer, index, 2 * delta) - gradient(network, at, layer, index, -2 * delta);
        float value = at.layers().get(layer).weight()[index];
        double taken = ((double) (value + delta) - (value - delta)) / 2;
        return (8 * near - far) / (12 * taken);
    }

    private double gradient(Network network, Parameters at, int layer, int index, float delta) {
        int parameter = at.weightIndex(layer);
        network.write(1, moved(at, parameter, index, delta));
        return gradients(reference, network, DropoutPlan.NONE).get(parameter)[index];
    }

    // ---- convolution as the product that it is ----------------------------------------------------------------------

    /**
     * A convolution is a fully connected layer of which many weights are one: its gradient and curvature are the sums of theirs, its
     * Fisher information the mean square of their summed gradients.
     */
    @Test
    void convolutionIsAFullyConnectedLayerWithSharedWeights() {
        for (int groups : new int[] {1, 2}) {
            for (int[] how : new int[][] {{3, 1, 1}, {3, 2, 1}, {2, 2, 0}, {1, 1, 0}, {1, 2, 0}, {4, 3, 2}}) {
                compareWithUnrolled(new Step.Convolution(0, how[0], how[1], how[2], groups, true));
            }
        }
    }

    private void compareWithUnrolled(Step.Convolution convolution) {
        Features image = new Features(4, 5, 6);
        int outputs = 6;
        int kernel = convolution.kernel();
        StepList steps = new StepList(image.channels() / convolution.groups() * kernel * kernel);
        steps.add(new Step.FullyConnected(steps.add(convolution, outputs)), 3);
        NetworkSpec spec = new NetworkSpec(
                steps.architecture("one", image), Activation.TANH, Activation.LINEAR, Loss.SOFTMAX, Initialization.HE);
        Parameters shared = parameters(spec);
        Features result = spec.architecture().values().get(1);
        NetworkSpec unrolled = new NetworkSpec(
                List.of(image.count(), result.count(), 3),
                Activation.TANH,
                Activation.LINEAR,
                Loss.SOFTMAX,
                Initialization.HE);
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
        NetworkSpec spec = wiring.spec(Activation.RELU, Loss.SOFTMAX);
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
                    assertEquals(squares.get(l)[i], given.get(l)[i], 1e-10, wiring + " layer " + l);
                }
            }
        }
    }

    // ---- backends and stores ----------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Wiring.class)
    void theFastBackendAgreesWithSparseLayersToo(Wiring wiring) {
        NetworkSpec spec = wiring.spec(Activation.TANH, Loss.SOFTMAX);
        Parameters pruned = pruned(parameters(spec));
        for (boolean sparse : new boolean[] {false, true}) {
            Representation form = new Representation(java.util.Collections.nCopies(
                    spec.layers(), sparse ? new Representation.Form.Sparse() : new Representation.Form.Dense()));
            for (DropoutPlan drops : List.of(TRAINING, DropoutPlan.NONE)) {
                assertClose(
                        dense(reference, spec, pruned, Representation.dense(spec), drops),
                        dense(new CpuBackend(), spec, pruned, form, drops),
                        wiring + " sparse " + sparse);
            }
            for (Curvature kind : Curvature.values()) {
                try (Network right = network(reference, spec, pruned, form);
                        Network fast = network(new CpuBackend(), spec, pruned, form)) {
                    assertClose(
                            curvature(reference, right, kind),
                            curvature(new CpuBackend(), fast, kind),
                            wiring + " " + kind + " sparse " + sparse);
                }
            }
        }
    }

    /** Gradients in dense form, under the mask. */
    private static List<double[]> dense(
            Backend on, NetworkSpec spec, Parameters at, Representation form, DropoutPlan drops) {
        try (Network network = network(on, spec, at, form)) {
            gradients(on, network, drops);
            List<double[]> dense = new ArrayList<>();
            for (int l = 0; l < spec.layers(); l++) {
                Parameter weight = network.prunable().get(l);
                float[] values = weight.read(on, weight.gradient(), 1);
                byte[] mask = at.layers().get(l).mask();
                double[] alive = new double[values.length];
                Arrays.setAll(alive, i -> mask[i] * values[i]);
                dense.add(alive);
            }
            return dense;
        }
    }

    private static Parameters pruned(Parameters whole) {
        List<LayerParameters> layers = new ArrayList<>();
        for (LayerParameters layer : whole.layers()) {
            byte[] mask = layer.mask().clone();
            for (int i = 0; i < mask.length; i++) {
                mask[i] = (byte) (i % 5 < 2 ? 1 : 0);
            }
            layers.add(new LayerParameters(layer.outputs(), layer.inputs(), layer.weight(), mask, layer.bias())
                    .withValues(layer.weight(), layer.bias()));
        }
        return new Parameters(layers, whole.norms());
    }

    private static void assertClose(List<double[]> right, List<double[]> given, String what) {
        for (int p = 0; p < right.size(); p++) {
            double largest = Arrays.stream(right.get(p)).map(Math::abs).max().orElse(0);
            for (int i = 0; i < right.get(p).length; i++) {
                assertEquals(right.get(p)[i], given.get(p)[i], 2e-4 * largest + 1e-6, what + " " + p + " " + i);
            }
        }
    }

    // ---- losing channels --------------------------------------------------------------------------------------------

    /** A unit whose reader has zeros for it says nothing: without it the network gives the same outputs. */
    @ParameterizedTest
    @EnumSource(Wiring.class)
    void outputsOfTheShrunkNetworkAreThoseOfTheMaskedOne(Wiring wiring) {
        NetworkSpec spec = wiring.spec(Activation.RELU, Loss.SOFTMAX);
        Parameters whole = parameters(spec);
        List<int[]> left = new ArrayList<>();
        List<LayerParameters> masked = new ArrayList<>(whole.layers());
        int lost = 0;
        for (int l = 0; l < spec.layers() - 1; l++) {
            int width = spec.outputs(l);
            int reader = spec.architecture().reader(l);
            boolean free = reader != Architecture.NONE;
            int gone = free ? l % width : -1;
            lost += free ? 1 : 0;
            left.add(IntStream.range(0, width).filter(unit -> unit != gone).toArray());
            if (free) {
                LayerParameters from = masked.get(reader);
                float[] weight = from.weight().clone();
                int each = from.inputs() / width;
                for (int i = 0; i < weight.length; i++) {
                    weight[i] *= i % from.inputs() / each == gone ? 0 : 1;
                }
                masked.set(reader, from.withValues(weight, from.bias()));
            }
        }
        assertTrue(lost > 0, "something can go");
        Parameters small = whole.left(spec, new HiddenUnits(left));
        NetworkSpec shape = spec.withSizes(small.sizes());
        assertTrue(shape.parameters() < spec.parameters());
        assertEquals(shape.parameters(), small.weights() + small.biases());
        Parameters zeroed = new Parameters(masked, whole.norms());
        double[] expected = outputs(spec, zeroed);
        double[] given = outputs(shape, small);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], given[i], 1e-9);
        }
    }

    private double[] outputs(NetworkSpec spec, Parameters parameters) {
        try (Network network = network(reference, spec, parameters, Representation.dense(spec));
                Pass pass = network.forwardPass(BATCH)) {
            fill(reference, pass);
            network.forward(pass, DropoutPlan.NONE);
            return reference.doubles(pass.outputs(), 1);
        }
    }

    @ParameterizedTest
    @EnumSource(Wiring.class)
    void modelFilesKeepEverything(Wiring wiring) {
        NetworkSpec spec = wiring.spec(Activation.RELU, Loss.SOFTMAX);
        Parameters parameters = pruned(parameters(spec));
        byte[] file = ModelFile.bytes(spec, parameters);
        Parameters read = ModelFile.parse(spec, file, "model");
        assertEquals(
                new String(file, java.nio.charset.StandardCharsets.ISO_8859_1),
                new String(ModelFile.bytes(spec, read), java.nio.charset.StandardCharsets.ISO_8859_1));
        for (int n = 0; n < parameters.norms().size(); n++) {
            assertTrue(Arrays.equals(
                    parameters.norms().get(n).variance(), read.norms().get(n).variance()));
        }
    }

    // ---- plumbing ---------------------------------------------------------------------------------------------------

    private static Parameters parameters(NetworkSpec spec) {
        Parameters drawn = Parameters.initial(spec, new Seed(5), Stream.INITIAL_WEIGHTS, 0);
        PhiloxSequence random = new PhiloxSequence(new Seed(6), Stream.CONTRACT_INPUT.at(4));
        List<LayerParameters> layers = new ArrayList<>();
        for (LayerParameters layer : drawn.layers()) {
            float[] weight = layer.weight().clone();
            for (int i = 0; i < weight.length; i++) {
                weight[i] = Math.round(weight[i] * 1024) / 1024f;
            }
            layers.add(layer.withValues(weight, some(random, layer.bias().length, -0.25)));
        }
        List<NormParameters> norms = new ArrayList<>();
        for (NormParameters norm : drawn.norms()) {
            int channels = norm.gain().length;
            norms.add(new NormParameters(
                    some(random, channels, 0.5),
                    some(random, channels, -0.25),
                    some(random, channels, -0.25),
                    some(random, channels, 0.5)));
        }
        return new Parameters(layers, norms);
    }

    private static float[] some(PhiloxSequence random, int count, double from) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = Math.round((from + random.nextDouble()) * 1024) / 1024f;
        }
        return numbers;
    }

    private static Network network(Backend on, NetworkSpec spec, Parameters at, Representation form) {
        return new Network(on, spec, List.of(at, at), form);
    }

    private static void fill(Backend on, Pass pass) {
        int batch = pass.labels().shape().columns();
        for (int r = 0; r < MEMBERS; r++) {
            PhiloxSequence random = new PhiloxSequence(new Seed(r), Stream.CONTRACT_INPUT.at(3));
            on.write(pass.inputs(), r, some(random, pass.inputs().shape().perMember(), 0));
            int[] labels = new int[batch];
            Arrays.setAll(labels, i -> random.nextInt(3));
            on.write(pass.labels(), r, labels);
        }
    }

    /** Member 1's gradients of all parameters. */
    private static List<double[]> gradients(Backend on, Network network, DropoutPlan drops) {
        try (Pass pass = network.pass(BATCH);
                Tensor sum = on.zeros(ElementType.REAL, Shape.scalars(MEMBERS))) {
            fill(on, pass);
            network.forward(pass, drops);
            network.loss(pass, sum);
            network.backward(pass, drops);
            return network.parameters().stream()
                    .map(parameter -> on.doubles(parameter.gradient(), 1))
                    .toList();
        }
    }

    /** Member 1's curvatures of all weights. */
    private static List<double[]> curvature(Backend on, Network network, Curvature kind) {
        try (Pass pass = network.pass(BATCH);
                CurvaturePass memory = network.curvaturePass(BATCH, kind);
                Tensor sum = on.zeros(ElementType.REAL, Shape.scalars(MEMBERS))) {
            fill(on, pass);
            network.forward(pass, DropoutPlan.NONE);
            network.loss(pass, sum);
            network.curvature(pass, memory);
            return memory.weights().stream()
                    .map(tensor -> on.doubles(tensor, 1))
                    .toList();
        }
    }
}
