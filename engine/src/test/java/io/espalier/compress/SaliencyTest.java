package io.espalier.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.reference.ReferenceBackend;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.Network;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every saliency must keep to; a row of the enum is a row here. */
class SaliencyTest {
    private static final NetworkSpec SPEC =
            new NetworkSpec(List.of(9, 7, 3), Activation.RELU, Activation.LINEAR, Loss.SOFTMAX, Initialization.HE);

    private static Parameters prune(Backend backend, SaliencyKind saliency, Scope scope, int... keeps) {
        try (Network network = new Network(backend, SPEC, 1)) {
            network.write(0, Parameters.initial(SPEC, new Seed(1), Stream.INITIAL_WEIGHTS, 0));
            Saliency.Subject subject = new Saliency.Subject(
                    backend, network, TrainingData.of(backend, SPEC.inputs(), SPEC.outputs(), 130), new Seed(1), 0);
            for (int keep : keeps) {
                Pruner.prune(subject, saliency.saliency(), scope, keep);
                assertEquals(keep, network.read(0).aliveWeights());
            }
            return network.read(0);
        }
    }

    @ParameterizedTest
    @EnumSource(SaliencyKind.class)
    void exactlyTheNumberGoesAndPrunedWeightsAreZero(SaliencyKind saliency) {
        for (Scope scope : Scope.values()) {
            Parameters bare = prune(new CpuBackend(), saliency, scope, 60, 59, 30, 7, 1, 0);
            for (Parameters.LayerParameters layer : bare.layers()) {
                for (float weight : layer.weight()) {
                    assertEquals(0f, weight);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SaliencyKind.class)
    void backendsAgreeOnTheMask(SaliencyKind saliency) {
        Parameters fast = prune(new CpuBackend(), saliency, Scope.GLOBAL, 60, 20);
        Parameters right = prune(ReferenceBackend.open(), saliency, Scope.GLOBAL, 60, 20);
        for (int layer = 0; layer < SPEC.layers(); layer++) {
            assertArrayEquals(
                    right.layers().get(layer).mask(), fast.layers().get(layer).mask());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Scope.class,
            names = {"GLOBAL", "LAYER"})
    void magnitudeKeepsTheLargest(Scope scope) {
        Parameters kept = prune(new CpuBackend(), SaliencyKind.MAGNITUDE, scope, 42);
        Parameters before = Parameters.initial(SPEC, new Seed(1), Stream.INITIAL_WEIGHTS, 0);
        float largestPruned = 0;
        float smallestKept = Float.MAX_VALUE;
        for (int l = 0; l < SPEC.layers(); l++) {
            if (scope == Scope.LAYER) {
                largestPruned = 0;
                smallestKept = Float.MAX_VALUE;
                assertEquals(
                        before.layers().get(l).mask().length / 2.0,
                        kept.layers().get(l).alive(),
                        0.51);
            }
            for (int i = 0; i < before.layers().get(l).weight().length; i++) {
                float magnitude = Math.abs(before.layers().get(l).weight()[i]);
                if (kept.layers().get(l).mask()[i] == 0) {
                    largestPruned = Math.max(largestPruned, magnitude);
                } else {
                    smallestKept = Math.min(smallestKept, magnitude);
                }
            }
            if (scope == Scope.LAYER) {
                assertTrue(largestPruned <= smallestKept);
            }
        }
        assertTrue(largestPruned <= smallestKept);
    }
}
