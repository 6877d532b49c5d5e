package io.espalier.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Tensor;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.reference.ReferenceBackend;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.Network;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.network.Representation;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What passes through the weights of a network, and what is left when the least goes again and again. */
class SynFlowTest {
    private static final NetworkSpec UNEVEN = network(30, 60, 8, 40, 3);

    private static NetworkSpec network(Integer... sizes) {
        return new NetworkSpec(List.of(sizes), Activation.TANH, Activation.LINEAR, Loss.SOFTMAX, Initialization.GLOROT);
    }

    private static Parameters initial(NetworkSpec spec, int seed) {
        return Parameters.initial(spec, new Seed(seed), Stream.INITIAL_WEIGHTS, 0);
    }

    private static Saliency.Subject subject(Backend backend, Network network, int seed) {
        NetworkSpec spec = network.spec();
        return new Saliency.Subject(
                backend, network, TrainingData.of(backend, spec.inputs(), spec.outputs(), 5), new Seed(seed), seed);
    }

    private static double[][] scores(Backend backend, NetworkSpec spec, Parameters parameters, int seed) {
        try (Network network = new Network(backend, spec, List.of(parameters), Representation.dense(spec))) {
            List<Tensor> scores = network.prunable().stream()
                    .map(weight ->
                            backend.zeros(ElementType.REAL, weight.value().shape()))
                    .toList();
            SaliencyKind.SYNFLOW.saliency().score(subject(backend, network, seed), scores);
            return scores.stream().map(score -> backend.doubles(score, 0)).toArray(double[][]::new);
        }
    }

    /** The flow through every weight, from sums over all paths before it and after it. */
    private static double[][] flow(NetworkSpec spec, Parameters parameters) {
        int layers = spec.layers();
        double[][] before = new double[layers + 1][];
        before[0] = new double[spec.inputs()];
        Arrays.fill(before[0], 1);
        for (int l = 0; l < layers; l++) {
            before[l + 1] = new double[spec.outputs(l)];
            for (int i = 0; i < parameters.layers().get(l).weight().length; i++) {
                before[l + 1][i / spec.inputs(l)] +=
                        Math.abs(parameters.layers().get(l).weight()[i]) * before[l][i % spec.inputs(l)];
            }
        }
        double[] after = new double[spec.outputs()];
        Arrays.fill(after, 1);
        double[][] flow = new double[layers][];
        for (int l = layers - 1; l >= 0; l--) {
            float[] weight = parameters.layers().get(l).weight();
            flow[l] = new double[weight.length];
            double[] below = new double[spec.inputs(l)];
            for (int i = 0; i < weight.length; i++) {
                double onward = Math.abs(weight[i]) * after[i / spec.inputs(l)];
                flow[l][i] = onward * before[l][i % spec.inputs(l)];
                below[i % spec.inputs(l)] += onward;
            }
            after = below;
        }
        return flow;
    }

    @Test
    void scoresAreTheFlowUpToOneScale() {
        Parameters parameters = initial(UNEVEN, 1);
        double[][] expected = flow(UNEVEN, parameters);
        double[][] right = scores(ReferenceBackend.open(), UNEVEN, parameters, 1);
        double[][] fast = scores(new CpuBackend(), UNEVEN, parameters, 2);
        double scale = right[0][0] / expected[0][0];
        double exponent = Math.log(scale) / Math.log(2);
        assertEquals(Math.rint(exponent), exponent, 1e-6, "a power of two");
        for (int l = 0; l < expected.length; l++) {
            for (int i = 0; i < expected[l].length; i++) {
                assertEquals(scale * expected[l][i], right[l][i], 1e-6 * right[l][i]);
                assertEquals(right[l][i], fast[l][i], 1e-5 * right[l][i], "data, seed and step have no part in it");
            }
        }
    }

    @Test
    void deepAndWideNetworksDoNotOverflow() {
        NetworkSpec deep = network(Collections.nCopies(41, 256).toArray(Integer[]::new));
        Parameters parameters = initial(deep, 3);
        assertTrue(sum(flow(deep, parameters)[0]) > Float.MAX_VALUE);
        double[][] scores = scores(new CpuBackend(), deep, parameters, 3);
        for (double[] layer : scores) {
            assertTrue(sum(layer) > 0);
            assertEquals(sum(scores[0]), sum(layer), 1e-4 * sum(scores[0]), "what goes in comes out");
        }
    }

    private static double sum(double[] values) {
        return Arrays.stream(values).sum();
    }

    private static Parameters left(Saliency saliency, int cuts, int keep) {
        Backend backend = new CpuBackend();
        try (Network network =
                new Network(backend, UNEVEN, List.of(initial(UNEVEN, 7)), Representation.dense(UNEVEN))) {
            int all = UNEVEN.prunable();
            for (int alive : Law.GEOMETRIC.aliveAfter(cuts, all, keep, all)) {
                Pruner.prune(subject(backend, network, 7), saliency, Scope.GLOBAL, alive);
            }
            Parameters left = network.read(0);
            assertEquals(keep, left.aliveWeights());
            return left;
        }
    }

    /** Whether anything that goes in comes out. */
    private static boolean passes(Parameters parameters) {
        return sum(flow(UNEVEN, parameters)[0]) > 0;
    }

    @Test
    void noLayerIsLostBeforeAllAre() {
        Saliency synflow = SaliencyKind.SYNFLOW.saliency();
        for (int keep : new int[] {1000, 100, 40, 20, 10, 6, 5, 4}) {
            assertTrue(passes(left(synflow, 100, keep)), keep + " weights left: with four, one path");
        }
        assertFalse(passes(left(synflow, 1, 20)), "all at once does not do");
        assertFalse(passes(left(new SnipSaliency(), 1, 20)));
        assertFalse(passes(left(SaliencyKind.MAGNITUDE.saliency(), 1, 20)));
    }
}
