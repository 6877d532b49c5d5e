package io.espalier.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.reference.ReferenceBackend;
import io.espalier.compress.UnitCriterion.Shrunk;
import io.espalier.network.DropoutPlan;
import io.espalier.network.HiddenUnits;
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
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every choice of hidden units must keep to; a row of the enum is a row here. */
class UnitPrunerTest {
    private static final NetworkSpec SPEC = network(9, 12, 8, 3);
    private static final int EXAMPLES = 130;

    static NetworkSpec network(Integer... sizes) {
        return new NetworkSpec(List.of(sizes), Activation.TANH, Activation.LINEAR, Loss.SOFTMAX, Initialization.GLOROT);
    }

    /** Random weights and biases. */
    static Parameters parameters(NetworkSpec spec, long seed) {
        PhiloxSequence random = new PhiloxSequence(new Seed(seed), 0);
        List<float[]> values = Parameters.initial(spec, new Seed(seed), Stream.INITIAL_WEIGHTS, 0)
                .values();
        for (int bias = 1; bias < values.size(); bias += 2) {
            for (int i = 0; i < values.get(bias).length; i++) {
                values.get(bias)[i] = (float) random.nextGaussian() / 4;
            }
        }
        return Parameters.zeros(spec).withValues(values);
    }

    /** A criterion that costs little, in place of one with its usual parameters. */
    private static UnitCriterion cheap(UnitCriterionKind kind) {
        return kind == UnitCriterionKind.DROPOUT_DAMAGE ? new DropoutDamage(64, 0.5, 100) : kind.criterion();
    }

    static Shrunk shrink(
            Backend backend, NetworkSpec spec, Parameters whole, UnitCriterion criterion, Scope scope, int parameters) {
        try (Network network = new Network(backend, spec, 1)) {
            network.write(0, whole);
            Saliency.Subject subject = new Saliency.Subject(
                    backend,
                    network,
                    TrainingData.of(backend, spec.inputs(), spec.outputs(), EXAMPLES),
                    new Seed(1),
                    77);
            Shrunk shrunk = UnitPruner.shrink(subject, criterion, scope, parameters);
            assertSame(whole, network.read(0), "the subject stays as it is");
            return shrunk;
        }
    }

    private static void assertSame(Parameters expected, Parameters actual, String message) {
        for (int i = 0; i < expected.values().size(); i++) {
            assertArrayEquals(expected.values().get(i), actual.values().get(i), message);
        }
    }

    private static double[] outputs(Backend backend, NetworkSpec spec, Parameters parameters) {
        try (Network network = new Network(backend, spec, List.of(parameters), Representation.of(backend, parameters));
                Pass pass = network.pass(EXAMPLES)) {
            TrainingExamples data = TrainingData.of(backend, spec.inputs(), spec.outputs(), EXAMPLES);
            backend.range(0, pass.indices());
            backend.gather(data.pixels(), pass.indices(), pass.inputs());
            network.forward(pass, DropoutPlan.NONE);
            return backend.doubles(pass.outputs(), 0);
        }
    }

    /** The whole network with what goes with a lost unit under its masks. */
    static Parameters masked(Parameters whole, HiddenUnits left) {
        List<LayerParameters> layers = new ArrayList<>();
        for (int l = 0; l < whole.layers().size(); l++) {
            LayerParameters layer = whole.layers().get(l);
            byte[] mask = new byte[layer.weight().length];
            float[] bias = new float[layer.outputs()];
            for (int row : left.numbers(l, layer.outputs())) {
                bias[row] = layer.bias()[row];
                for (int column : left.numbers(l - 1, layer.inputs())) {
                    mask[row * layer.inputs() + column] = 1;
                }
            }
            LayerParameters empty =
                    new LayerParameters(layer.outputs(), layer.inputs(), new float[mask.length], mask, bias);
            layers.add(empty.withValues(layer.weight(), bias));
        }
        return new Parameters(layers);
    }

    @ParameterizedTest
    @EnumSource(UnitCriterionKind.class)
    void unitsGoUntilTheBudgetIsMetAndNotOneMore(UnitCriterionKind kind) {
        Parameters whole = parameters(SPEC, 3);
        int least = network(9, 1, 1, 3).parameters();
        for (Scope scope : Scope.values()) {
            for (int budget : new int[] {SPEC.parameters(), SPEC.parameters() - 1, 200, 131, 60, least}) {
                Shrunk shrunk = shrink(new CpuBackend(), SPEC, whole, cheap(kind), scope, budget);
                NetworkSpec small = SPEC.withSizes(shrunk.parameters().sizes());
                assertTrue(small.parameters() <= budget, small + " at " + budget);
                assertEquals(
                        small.parameters(),
                        shrunk.parameters().weights() + shrunk.parameters().biases());
                if (scope == Scope.LAYER) {
                    assertEquals(SPEC.narrowedTo(budget, 1, layer -> true), small);
                } else {
                    // One unit more of the layer that lost the last one would have been too much.
                    boolean last = budget == SPEC.parameters();
                    for (int layer = 0; layer < 2; layer++) {
                        List<Integer> wider = new ArrayList<>(small.sizes());
                        wider.set(layer + 1, wider.get(layer + 1) + 1);
                        last |= SPEC.withSizes(wider).parameters() > budget;
                    }
                    assertTrue(last, small + " at " + budget);
                }
                for (int layer = 0; layer < 2; layer++) {
                    int[] numbers = shrunk.units().numbers(layer, SPEC.outputs(layer));
                    assertEquals(small.outputs(layer), numbers.length);
                    assertArrayEquals(Arrays.stream(numbers).sorted().distinct().toArray(), numbers);
                }
            }
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> shrink(new CpuBackend(), SPEC, whole, cheap(kind), Scope.GLOBAL, least - 1));
    }

    @ParameterizedTest
    @EnumSource(UnitCriterionKind.class)
    void backendsAgree(UnitCriterionKind kind) {
        Parameters whole = parameters(SPEC, 4);
        Shrunk fast = shrink(new CpuBackend(), SPEC, whole, cheap(kind), Scope.GLOBAL, 110);
        Shrunk right = shrink(ReferenceBackend.open(), SPEC, whole, cheap(kind), Scope.GLOBAL, 110);
        assertEquals(right.parameters().sizes(), fast.parameters().sizes());
        assertSame(right.parameters(), fast.parameters(), kind.key());
    }

    /** Merging changes the units that are left; all others leave them as they were. */
    @ParameterizedTest
    @EnumSource(value = UnitCriterionKind.class, mode = EnumSource.Mode.EXCLUDE, names = "MERGE")
    void theShrunkNetworkGivesWhatTheMaskedOneGives(UnitCriterionKind kind) {
        for (Scope scope : Scope.values()) {
            Parameters whole = parameters(SPEC, 5);
            Shrunk shrunk = shrink(new CpuBackend(), SPEC, whole, cheap(kind), scope, 120);
            NetworkSpec small = SPEC.withSizes(shrunk.parameters().sizes());
            Parameters masked = masked(whole, shrunk.units());
            assertArrayEquals(
                    outputs(ReferenceBackend.open(), SPEC, masked),
                    outputs(ReferenceBackend.open(), small, shrunk.parameters()),
                    "to the bit where sums are plain");
            assertArrayEquals(
                    outputs(new CpuBackend(), SPEC, masked),
                    outputs(new CpuBackend(), small, shrunk.parameters()),
                    // 8 u sqrt(n) S with n = 12 terms that add up to less than 12.
                    8 * 0x1p-24 * Math.sqrt(12) * 12);
        }
    }

    @Test
    void equalUnitsGoFromTheLowerLayerAndTheLowerNumber() {
        NetworkSpec square = network(4, 4, 4, 4);
        List<float[]> ones = Parameters.zeros(square).values();
        ones.forEach(values -> Arrays.fill(values, 1f));
        Parameters whole = Parameters.zeros(square).withValues(ones);
        // Every unit takes nine parameters along.
        Shrunk shrunk = shrink(new CpuBackend(), square, whole, new WeightNorm(), Scope.GLOBAL, 60 - 2 * 9);
        assertArrayEquals(new int[] {2, 3}, shrunk.units().numbers(0, 4));
        assertArrayEquals(new int[] {0, 1, 2, 3}, shrunk.units().numbers(1, 4));
        Shrunk lastStays = shrink(new CpuBackend(), square, whole, new WeightNorm(), Scope.GLOBAL, 31);
        assertArrayEquals(new int[] {3}, lastStays.units().numbers(0, 4));
        assertArrayEquals(new int[] {1, 2, 3}, lastStays.units().numbers(1, 4));
    }

    @Test
    void whatCannotBeShrunkIsRefused() {
        Parameters whole = parameters(SPEC, 6);
        Parameters pruned = masked(whole, new HiddenUnits(List.of(new int[] {0, 1}, new int[] {5})));
        assertThrows(
                IllegalArgumentException.class,
                () -> shrink(new CpuBackend(), SPEC, pruned, new WeightNorm(), Scope.GLOBAL, 100));
        List<float[]> values = whole.values();
        values.get(0)[5] = Float.NaN;
        Parameters lost = whole.withValues(values);
        assertThrows(
                ArithmeticException.class,
                () -> shrink(new CpuBackend(), SPEC, lost, new WeightNorm(), Scope.GLOBAL, 100));
    }

    @Test
    void unitsAreNumberedAsInTheWholeNetwork() {
        HiddenUnits once = new HiddenUnits(List.of(new int[] {1, 4, 6, 9}, new int[] {0, 7}));
        HiddenUnits twice = once.after(new HiddenUnits(List.of(new int[] {0, 3}, new int[] {1})));
        assertArrayEquals(new int[] {1, 9}, twice.numbers(0, 12));
        assertArrayEquals(new int[] {7}, twice.numbers(1, 8));
        assertArrayEquals(new int[] {0, 1, 2}, twice.numbers(2, 3), "no hidden layer");
        assertArrayEquals(new int[] {0, 1}, twice.numbers(-1, 2), "inputs");
        assertArrayEquals(new int[] {0, 7}, HiddenUnits.ALL.after(once).numbers(1, 8));
        Parameters whole = parameters(SPEC, 7);
        assertSame(
                whole.left(SPEC, twice),
                whole.left(SPEC, once).left(SPEC, new HiddenUnits(List.of(new int[] {0, 3}, new int[] {1}))),
                "in one step or in two");
        assertEquals(List.of(9, 2, 1, 3), whole.left(SPEC, twice).sizes());
    }
}
