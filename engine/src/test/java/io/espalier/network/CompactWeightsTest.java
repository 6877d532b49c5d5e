package io.espalier.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.backend.WeightHash;
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

/** Hashed layers, products of low rank and codebooks inside a network: their gradient, their meaning, their members. */
class CompactWeightsTest {
    private static final int BATCH = 7;
    private static final float DELTA = 0x1p-13f;
    private static final NetworkSpec SPEC = new NetworkSpec(
            List.of(5, 6, 4, 3), Activation.TANH, Activation.LINEAR, Loss.SOFTMAX, Initialization.GLOROT);

    /** Storages of three members, one kind each: few buckets, one, more than weights; ranks low to full. */
    enum Kind {
        NATIVE {
            @Override
            Storage storage(int member) {
                return Kind.of(
                        hashed(WeightHash.Mode.NATIVE, 11 - 5 * member, 0),
                        hashed(WeightHash.Mode.NATIVE, 1 + 20 * member, 0),
                        StoreSpec.DENSE);
            }
        },
        PAPER {
            @Override
            Storage storage(int member) {
                return Kind.of(
                        hashed(WeightHash.Mode.PAPER, 11 - 5 * member, 2 + member),
                        hashed(WeightHash.Mode.PAPER, 1 + 20 * member, 1),
                        hashed(WeightHash.Mode.PAPER, 5, 7));
            }
        },
        LOW_RANK {
            @Override
            Storage storage(int member) {
                return Kind.of(
                        new StoreSpec.LowRank(3 - member, 40 + member),
                        new StoreSpec.LowRank(1 + 2 * member, 40 + member),
                        StoreSpec.DENSE);
            }
        },
        /** The first layer pruned, by members in different places and numbers; the second whole; entries that nobody takes. */
        CODEBOOK {
            @Override
            Storage storage(int member) {
                return Kind.of(
                        codebook(3 + 2 * member, 30, 2 + member), codebook(4 - member, 24, 1), codebook(1, 12, 3));
            }
        };

        abstract Storage storage(int member);

        private static StoreSpec hashed(WeightHash.Mode mode, int buckets, int biasBuckets) {
            return new StoreSpec.Hashed(mode, WeightHash.PUBLISHED_SEED, buckets, biasBuckets);
        }

        /** Every so many connections one is alive. */
        private static StoreSpec codebook(int entries, int connections, int every) {
            byte[] alive = new byte[connections];
            int[] assigned = new int[(connections + every - 1) / every];
            for (int i = 0; i < assigned.length; i++) {
                alive[i * every] = 1;
                assigned[i] = i * i % Math.max(1, entries - 1);
            }
            return new StoreSpec.Codebook(entries, new Assignment(alive, assigned));
        }

        private static Storage of(StoreSpec... layers) {
            return new Storage(List.of(layers));
        }

        Parameters parameters(int member) {
            Parameters fresh =
                    Parameters.initial(SPEC, storage(member), new Seed(3 + member), Stream.INITIAL_WEIGHTS, 0);
            List<LayerParameters> layers = new ArrayList<>();
            for (LayerParameters layer : fresh.layers()) {
                float[] bias = layer.bias().clone();
                for (int i = 0; i < bias.length; i++) {
                    bias[i] = 0.1f * (i + 1);
                }
                layers.add(layer.withValues(layer.weight(), bias));
            }
            return new Parameters(layers);
        }

        List<Parameters> members(int count) {
            List<Parameters> members = new ArrayList<>();
            for (int r = 0; r < count; r++) {
                members.add(parameters(r));
            }
            return members;
        }
    }

    private static Network network(Backend backend, List<Parameters> members) {
        return network(backend, SPEC, members);
    }

    private static Network network(Backend backend, NetworkSpec spec, List<Parameters> members) {
        return new Network(backend, spec, members, Representation.of(backend, members.get(0)));
    }

    private static void fill(Backend backend, Pass pass) {
        for (int r = 0; r < pass.inputs().shape().members(); r++) {
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

    private static double[] losses(Backend backend, Network network, boolean backward) {
        try (Pass pass = network.pass(BATCH);
                Tensor sum = backend.zeros(ElementType.REAL, Shape.scalars(network.members()))) {
            fill(backend, pass);
            network.forward(pass, DropoutPlan.NONE);
            network.loss(pass, sum);
            if (backward) {
                network.backward(pass, DropoutPlan.NONE);
            }
            double[] losses = new double[network.members()];
            for (int r = 0; r < losses.length; r++) {
                losses[r] = backend.doubles(sum, r)[0] / BATCH;
            }
            return losses;
        }
    }

    static List<Arguments> kinds() {
        List<Arguments> all = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (Activation activation : List.of(Activation.RELU, Activation.SIGMOID, Activation.TANH)) {
                for (Loss loss : Loss.values()) {
                    all.add(arguments(kind, activation, loss));
                }
            }
        }
        return all;
    }

    /** Central differences of every stored number of every member. */
    @ParameterizedTest
    @MethodSource("kinds")
    void backwardIsTheDerivativeOfForward(Kind kind, Activation activation, Loss loss) {
        Backend backend = ReferenceBackend.open();
        List<Parameters> members = kind.members(3);
        NetworkSpec spec = new NetworkSpec(SPEC.sizes(), activation, Activation.LINEAR, loss, Initialization.GLOROT);
        try (Network network = network(backend, spec, members)) {
            losses(backend, network, true);
            for (int member = 0; member < 3; member++) {
                double worst = 0;
                double norm = 0;
                for (int p = 0; p < network.parameters().size(); p++) {
                    double[] gradient =
                            backend.doubles(network.parameters().get(p).gradient(), member);
                    for (int i = 0; i < stored(members.get(member), p).length; i++) {
                        double slope = slope(backend, network, members.get(member), member, p, i);
                        worst = Math.max(worst, Math.abs(gradient[i] - slope));
                        norm = Math.max(norm, Math.abs(gradient[i]));
                    }
                    for (int i = stored(members.get(member), p).length; i < gradient.length; i++) {
                        assertEquals(0, gradient[i], "what a member does not store has no gradient");
                    }
                }
                network.write(member, members.get(member));
                assertTrue(worst < 2e-6 * norm + 1e-8, "member " + member + ": " + worst + " of " + norm);
                assertTrue(norm > 1e-3, "gradients are not zero");
            }
        }
    }

    private static float[] stored(Parameters parameters, int index) {
        LayerParameters layer = parameters.layers().get(index / 2);
        return index % 2 == 0 ? layer.weight() : layer.bias();
    }

    private static double slope(Backend backend, Network network, Parameters at, int member, int parameter, int index) {
        double difference = moved(backend, network, at, member, parameter, index, DELTA)
                - moved(backend, network, at, member, parameter, index, -DELTA);
        // Parameters are stored as float32: divide by the step really taken.
        float value = stored(at, parameter)[index];
        return difference / ((double) (value + DELTA) - (value - DELTA));
    }

    private static double moved(
            Backend backend, Network network, Parameters at, int member, int parameter, int index, float delta) {
        List<LayerParameters> layers = new ArrayList<>(at.layers());
        LayerParameters old = layers.get(parameter / 2);
        float[] weight = old.weight().clone();
        float[] bias = old.bias().clone();
        (parameter % 2 == 0 ? weight : bias)[index] += delta;
        layers.set(parameter / 2, old.withValues(weight, bias));
        network.write(member, new Parameters(layers));
        return losses(backend, network, false)[member];
    }

    /** The dense network of the virtual weights, put together element by element, has the same loss. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void aCompactNetworkIsADenseOneOfItsVirtualWeights(Kind kind) {
        Backend backend = ReferenceBackend.open();
        List<Parameters> compact = kind.members(3);
        List<Parameters> dense = new ArrayList<>();
        for (Parameters one : compact) {
            List<LayerParameters> layers = new ArrayList<>();
            for (int l = 0; l < 3; l++) {
                layers.add(virtual(one.layers().get(l), l));
            }
            dense.add(new Parameters(layers));
        }
        try (Network small = network(backend, compact);
                Network large = network(backend, dense)) {
            assertArrayEquals(losses(backend, large, false), losses(backend, small, false), 1e-6);
        }
    }

    private static LayerParameters virtual(LayerParameters layer, int number) {
        int outputs = layer.outputs();
        int inputs = layer.inputs();
        float[] weight = layer.weight().clone();
        float[] bias = layer.bias().clone();
        if (layer.store() instanceof StoreSpec.Hashed hashed) {
            WeightHash hash = new WeightHash(hashed.mode(), hashed.seed(), number, WeightHash.Part.WEIGHTS);
            weight = looked(hash, layer.weight(), outputs, inputs);
            if (hashed.biasBuckets() > 0) {
                bias = looked(hash.of(WeightHash.Part.BIASES), layer.bias(), outputs, 1);
            }
        } else if (layer.store() instanceof StoreSpec.LowRank product) {
            float[] fixed = LowRankWeights.fixedFactor(product, number, inputs);
            weight = new float[outputs * inputs];
            for (int o = 0; o < outputs; o++) {
                for (int i = 0; i < inputs; i++) {
                    double sum = 0;
                    for (int k = 0; k < product.rank(); k++) {
                        sum += (double) layer.weight()[k * outputs + o] * fixed[k * inputs + i];
                    }
                    weight[o * inputs + i] = (float) sum;
                }
            }
        }
        byte[] mask = new byte[outputs * inputs];
        java.util.Arrays.fill(mask, (byte) 1);
        if (layer.store() instanceof StoreSpec.Codebook codebook) {
            mask = codebook.assignment().alive();
            weight = new float[mask.length];
            for (int i = 0, next = 0; i < mask.length; i++) {
                weight[i] =
                        mask[i] == 0 ? 0 : layer.weight()[codebook.assignment().entries()[next++]];
            }
        }
        return new LayerParameters(outputs, inputs, weight, mask, bias);
    }

    private static float[] looked(WeightHash hash, float[] buckets, int rows, int columns) {
        float[] virtual = new float[rows * columns];
        for (int at = 0; at < virtual.length; at++) {
            int entry = hash.entry(at / columns, at % columns, buckets.length);
            virtual[at] = entry % 2 == 0 ? buckets[entry / 2] : -buckets[entry / 2];
        }
        return virtual;
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aMemberHasTheSameBitsAloneAndBesideOthersOfOtherSizes(Kind kind) {
        Backend backend = new CpuBackend();
        List<Parameters> members = kind.members(3);
        try (Network together = network(backend, members)) {
            double[] losses = losses(backend, together, true);
            // Inputs differ by member; the first has the same in both networks.
            try (Network alone = network(backend, members.subList(0, 1))) {
                assertEquals(losses[0], losses(backend, alone, true)[0]);
                for (int p = 0; p < alone.parameters().size(); p++) {
                    Parameter one = alone.parameters().get(p);
                    Parameter same = together.parameters().get(p);
                    assertArrayEquals(
                            one.read(backend, one.gradient(), 0), same.read(backend, same.gradient(), 0), "" + p);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void whatIsWrittenIsRead(Kind kind) {
        for (Backend backend : List.of(new CpuBackend(), ReferenceBackend.open())) {
            List<Parameters> members = kind.members(3);
            try (Network network = network(backend, members)) {
                for (int r = 0; r < 3; r++) {
                    Parameters read = network.read(r);
                    assertEquals(kind.storage(r), read.storage());
                    assertEquals(read.aliveWeights(), network.aliveWeights(r));
                    for (int p = 0; p < 6; p++) {
                        assertArrayEquals(stored(members.get(r), p), stored(read, p));
                    }
                }
                assertThrows(IllegalStateException.class, () -> network.write(0, members.get(1)));
            }
        }
    }

    @Test
    void aRepresentationTakesItsOwnKindOnly() {
        Backend backend = new CpuBackend();
        List<Parameters> mixed = List.of(Kind.NATIVE.parameters(0), Kind.PAPER.parameters(0));
        assertThrows(IllegalArgumentException.class, () -> network(backend, mixed));
        List<Parameters> seeds = List.of(Kind.LOW_RANK.parameters(0), Kind.NATIVE.parameters(0));
        assertThrows(IllegalArgumentException.class, () -> network(backend, seeds));
    }
}
