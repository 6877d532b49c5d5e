package io.espalier.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.reference.ReferenceBackend;
import io.espalier.network.DropoutPlan;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.Network;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.network.Pass;
import io.espalier.network.Representation;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A mask that moves, against lists that are sorted. */
class RegrowthTest {
    private static final NetworkSpec SPEC =
            new NetworkSpec(List.of(9, 7, 5, 3), Activation.TANH, Activation.LINEAR, Loss.SOFTMAX, Initialization.HE);
    private static final int[] BATCH = {3, 17, 4, 11, 29};

    /** Half of the first layer, all of the second, two weights of the third, one of which is zero. */
    private static Parameters pruned() {
        PhiloxSequence random = new PhiloxSequence(new Seed(3), 0);
        List<LayerParameters> layers = new ArrayList<>();
        for (LayerParameters layer :
                Parameters.initial(SPEC, new Seed(1), Stream.INITIAL_WEIGHTS, 0).layers()) {
            byte[] mask = new byte[layer.mask().length];
            for (int i = 0; i < mask.length; i++) {
                mask[i] = (byte)
                        (layer.outputs() == 7 ? random.nextInt(2) : layer.outputs() == 5 || i == 4 || i == 9 ? 1 : 0);
            }
            float[] weight = layer.weight().clone();
            if (layer.outputs() == 3) {
                weight[9] = 0;
            }
            layers.add(new LayerParameters(layer.outputs(), layer.inputs(), weight, mask, layer.bias())
                    .withValues(weight, layer.bias()));
        }
        return new Parameters(layers);
    }

    private static Network network(Backend backend, Parameters parameters) {
        return new Network(backend, SPEC, List.of(parameters), Representation.dense(SPEC));
    }

    private static TrainingExamples training(Backend backend) {
        return TrainingData.of(backend, SPEC.inputs(), SPEC.outputs(), 40);
    }

    private static Optional<List<byte[]>> move(Backend backend, Network network, double share) {
        return Regrowth.move(new Saliency.Subject(backend, network, training(backend), new Seed(1), 0), BATCH, share);
    }

    /** The gradient of every connection, pruned or not. */
    private static List<double[]> gradient(Backend backend, Parameters parameters) {
        TrainingExamples training = training(backend);
        try (Network network = network(backend, parameters);
                Pass pass = network.pass(BATCH.length);
                Tensor loss = backend.zeros(ElementType.REAL, Shape.scalars(1))) {
            backend.write(pass.indices(), 0, BATCH);
            backend.gather(training.pixels(), pass.indices(), pass.inputs());
            backend.gatherLabels(training.labels(), pass.indices(), pass.labels());
            network.forward(pass, DropoutPlan.NONE);
            network.loss(pass, loss);
            network.backward(pass, DropoutPlan.NONE);
            return network.prunable().stream()
                    .map(weight -> backend.doubles(weight.gradient(), 0))
                    .toList();
        }
    }

    /** Those of the indices that come last when sorted by size, the lower of equals first. */
    private static List<Integer> largest(IntStream indices, double[] sizes, int count) {
        List<Integer> sorted = indices.boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> (float) Math.abs(sizes[i]))
                        .thenComparing(i -> i))
                .toList();
        return sorted.subList(sorted.size() - count, sorted.size());
    }

    private static double[] doubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    @Test
    void theSmallestGoAndTheSteepestComeAtZero() {
        Parameters before = pruned();
        for (Backend backend : List.of(new CpuBackend(), ReferenceBackend.open())) {
            List<double[]> gradient = gradient(backend, before);
            for (double share : new double[] {0.01, 0.3, 0.5, 1}) {
                Network network = network(backend, before);
                List<byte[]> stayed = move(backend, network, share).orElseThrow();
                Parameters after = network.read(0);
                for (int l = 0; l < SPEC.layers(); l++) {
                    LayerParameters was = before.layers().get(l);
                    LayerParameters is = after.layers().get(l);
                    int all = was.mask().length;
                    int moving = was.alive() == all ? 0 : (int) Math.floor(share * was.alive());
                    List<Integer> stay = largest(
                            IntStream.range(0, all).filter(i -> was.mask()[i] == 1),
                            doubles(was.weight()),
                            was.alive() - moving);
                    List<Integer> come =
                            largest(IntStream.range(0, all).filter(i -> !stay.contains(i)), gradient.get(l), moving);
                    assertEquals(was.alive(), is.alive(), "exactly as many as before");
                    for (int i = 0; i < all; i++) {
                        String where = backend.name() + " " + share + " " + l + " " + i;
                        assertEquals(stay.contains(i) ? 1 : 0, stayed.get(l)[i], where);
                        assertEquals(stay.contains(i) || come.contains(i) ? 1 : 0, is.mask()[i], where);
                        assertEquals(stay.contains(i) ? was.weight()[i] : 0f, is.weight()[i], where);
                    }
                    assertArrayEquals(was.bias(), is.bias());
                }
            }
        }
    }

    /** Pixels that are always black have no gradient: of equals the one with the higher index comes. */
    @Test
    void tiesAreBrokenByIndex() {
        Backend backend = new CpuBackend();
        List<LayerParameters> zeros = pruned().layers().stream()
                .map(layer -> layer.withValues(new float[layer.weight().length], new float[layer.bias().length]))
                .toList();
        Network network = network(backend, new Parameters(zeros));
        move(backend, network, 1);
        // All weights are zero, so that nothing reaches the first layer and all its gradients are zero.
        byte[] mask = network.read(0).layers().get(0).mask();
        int alive = zeros.get(0).alive();
        for (int i = 0; i < mask.length; i++) {
            assertEquals(i < mask.length - alive ? 0 : 1, mask[i]);
        }
    }

    @Test
    void whatIsNoLongerANumberDoesNotMove() {
        Backend backend = new CpuBackend();
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            Parameters parameters = pruned();
            float[] weight = parameters.layers().get(1).weight();
            weight[8] = bad;
            Network network = network(backend, parameters);
            assertEquals(Optional.empty(), move(backend, network, 0.3));
            for (int l = 0; l < SPEC.layers(); l++) {
                assertArrayEquals(
                        parameters.layers().get(l).mask(),
                        network.read(0).layers().get(l).mask());
            }
        }
        assertTrue(move(backend, network(backend, pruned()), 0.3).isPresent());
    }
}
