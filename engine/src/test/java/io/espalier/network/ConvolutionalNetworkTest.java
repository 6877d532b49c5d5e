package io.espalier.network;

import static io.espalier.network.SmallPasses.BATCH;
import static io.espalier.network.SmallPasses.TRAINING;
import static io.espalier.network.SmallPasses.curvature;
import static io.espalier.network.SmallPasses.fill;
import static io.espalier.network.SmallPasses.gradients;
import static io.espalier.network.SmallPasses.network;
import static io.espalier.network.SmallPasses.parameters;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.reference.ReferenceBackend;
import io.espalier.network.Parameters.LayerParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Convolutional networks: what they count, on every backend and store, without some of their channels, in files. */
class ConvolutionalNetworkTest {
    private final Backend reference = ReferenceBackend.open();

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
}
