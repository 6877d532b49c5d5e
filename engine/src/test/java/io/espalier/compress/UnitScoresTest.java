package io.espalier.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.HostTensors;
import io.espalier.backend.Tensor;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.reference.ReferenceBackend;
import io.espalier.compress.UnitCriterion.Shrunk;
import io.espalier.network.Network;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.random.Philox;
import io.espalier.random.Seed;
import io.espalier.random.Shuffle;
import io.espalier.random.Stream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Scores of hidden units against their definitions in plain Java. */
class UnitScoresTest {
    private static final NetworkSpec SPEC = UnitPrunerTest.network(4, 3, 2, 3);
    private static final Seed SEED = new Seed(0x5_0000_0007L);
    private static final int STEP = 41;

    private final Backend backend = ReferenceBackend.open();
    private final Parameters whole = UnitPrunerTest.parameters(SPEC, 8);
    private final TrainingExamples training = TrainingData.of(backend, 4, 3, 60);

    private List<double[]> scores(UnitSaliency saliency, Seed seed, int step) {
        try (Network network = new Network(backend, SPEC, 1)) {
            network.write(0, whole);
            return saliency.scores(new Saliency.Subject(backend, network, training, seed, step));
        }
    }

    @Test
    void theNormIsThatOfTheIncomingWeights() {
        List<double[]> norms = scores(new WeightNorm(), SEED, STEP);
        for (int layer = 0; layer < 2; layer++) {
            float[] weight = whole.layers().get(layer).weight();
            int inputs = SPEC.inputs(layer);
            for (int unit = 0; unit < SPEC.outputs(layer); unit++) {
                double squares = 0;
                for (int i = 0; i < inputs; i++) {
                    squares += Math.pow(weight[unit * inputs + i], 2);
                }
                assertEquals(Math.sqrt(squares), norms.get(layer)[unit], 1e-12);
            }
        }
    }

    @Test
    void randomScoresDependOnSeedAndStep() {
        List<double[]> once = scores(new RandomUnits(), SEED, STEP);
        assertArrayEquals(once.get(0), scores(new RandomUnits(), SEED, STEP).get(0));
        assertFalse(Arrays.equals(
                once.get(0), scores(new RandomUnits(), SEED, STEP + 1).get(0)));
        assertFalse(Arrays.equals(
                once.get(0), scores(new RandomUnits(), new Seed(8), STEP).get(0)));
        assertTrue(once.get(0)[0] != once.get(1)[0], "layers draw for themselves");
        for (double[] layer : once) {
            assertTrue(Arrays.stream(layer).allMatch(score -> score >= 0 && score < 1));
        }
    }

    @Test
    void summedSaliencyIsThatOfAllWeightsThatGo() {
        for (Saliency saliency : List.of(SaliencyKind.OBD.saliency(), SaliencyKind.OBD_SD.saliency())) {
            List<double[]> weights = new ArrayList<>();
            try (Network network = new Network(backend, SPEC, 1)) {
                network.write(0, whole);
                List<Tensor> tensors = network.prunable().stream()
                        .map(weight ->
                                backend.zeros(ElementType.REAL, weight.value().shape()))
                        .toList();
                saliency.score(new Saliency.Subject(backend, network, training, SEED, STEP), tensors);
                tensors.forEach(tensor -> weights.add(backend.doubles(tensor, 0)));
            }
            List<double[]> sums = scores(new SummedSaliency(saliency), SEED, STEP);
            assertEquals(saliency.name(), new SummedSaliency(saliency).name());
            for (int layer = 0; layer < 2; layer++) {
                int inputs = SPEC.inputs(layer);
                int outputs = SPEC.outputs(layer);
                for (int unit = 0; unit < outputs; unit++) {
                    double sum = 0;
                    for (int i = 0; i < inputs; i++) {
                        sum += weights.get(layer)[unit * inputs + i];
                    }
                    for (int o = 0; o < SPEC.outputs(layer + 1); o++) {
                        sum += weights.get(layer + 1)[o * outputs + unit];
                    }
                    assertEquals(sum, sums.get(layer)[unit], 1e-12);
                    assertTrue(sum > 0);
                }
            }
        }
    }

    // ---- dropout damage ---------------------------------------------------------------------------------------------

    /** Mean softmax loss over the first examples, hidden units times factors: no matrices, no backend. */
    private double loss(double[][] factors, int examples) {
        double total = 0;
        for (int n = 0; n < examples; n++) {
            double[] x = new double[4];
            for (int i = 0; i < 4; i++) {
                x[i] = (HostTensors.bytes(training.pixels(), 0)[n * 4 + i] & 0xFF) / 255.0;
            }
            for (int layer = 0; layer < 3; layer++) {
                LayerParameters from = whole.layers().get(layer);
                double[] y = new double[from.outputs()];
                for (int o = 0; o < y.length; o++) {
                    double z = from.bias()[o];
                    for (int i = 0; i < x.length; i++) {
                        z += from.weight()[o * x.length + i] * x[i];
                    }
                    y[o] = layer == 2 ? z : Math.tanh(z) * factors[layer][o];
                }
                x = y;
            }
            double sum = Arrays.stream(x).map(Math::exp).sum();
            total += Math.log(sum) - x[HostTensors.ints(training.labels(), 0)[n]];
        }
        return total / examples;
    }

    @Test
    void damageIsTheDifferenceOfMeansUnderTheDocumentedMasks() {
        int masks = 20;
        double rate = 0.3;
        double[][] damage = {new double[3], new double[2]};
        boolean[][][] dropped = new boolean[masks][][];
        for (int mask = 0; mask < masks; mask++) {
            dropped[mask] = new boolean[][] {new boolean[3], new boolean[2]};
        }
        int[] key = new int[4];
        for (int layer = 0; layer < 2; layer++) {
            for (int unit = 0; unit < damage[layer].length; unit++) {
                Philox.block(SEED.low(), SEED.high(), unit, STEP, Stream.DROPOUT_DAMAGE.at(layer), 0, key);
                Shuffle order = new Shuffle(Stream.DROPOUT_DAMAGE, key[0], key[1], 0, masks);
                for (int mask = 0; mask < masks; mask++) {
                    dropped[mask][layer][unit] = order.at(mask) < 6;
                }
            }
        }
        for (int mask = 0; mask < masks; mask++) {
            double loss = loss(factors(dropped[mask], 1 / 0.7), 50);
            for (int layer = 0; layer < 2; layer++) {
                for (int unit = 0; unit < damage[layer].length; unit++) {
                    damage[layer][unit] += dropped[mask][layer][unit] ? loss / 6 : -loss / 14;
                }
            }
        }
        List<double[]> scores = scores(new DropoutDamage(masks, rate, 50), SEED, STEP);
        // The survivors' factor is rounded to float32.
        assertArrayEquals(damage[0], scores.get(0), 1e-6);
        assertArrayEquals(damage[1], scores.get(1), 1e-6);
    }

    private static double[][] factors(boolean[][] dropped, double survivors) {
        double[][] factors = {new double[3], new double[2]};
        for (int layer = 0; layer < 2; layer++) {
            for (int unit = 0; unit < factors[layer].length; unit++) {
                factors[layer][unit] = dropped[layer][unit] ? 0 : survivors;
            }
        }
        return factors;
    }

    /** All 32 masks of five units, each as likely as the others. */
    @Test
    void manyMasksComeToWhatAllMasksTogetherSay() {
        double[] damage = new double[5];
        for (int mask = 0; mask < 32; mask++) {
            boolean[][] dropped = {new boolean[3], new boolean[2]};
            for (int unit = 0; unit < 5; unit++) {
                dropped[unit / 3][unit % 3] = (mask >> unit & 1) == 1;
            }
            double loss = loss(factors(dropped, 2), 60);
            for (int unit = 0; unit < 5; unit++) {
                damage[unit] += (mask >> unit & 1) == 1 ? loss / 16 : -loss / 16;
            }
        }
        List<double[]> scores = scores(new DropoutDamage(4000, 0.5, 1000), SEED, STEP);
        double largest = Arrays.stream(damage).map(Math::abs).max().orElseThrow();
        for (int unit = 0; unit < 5; unit++) {
            assertEquals(damage[unit], scores.get(unit / 3)[unit % 3], 0.1 * largest, "unit " + unit);
        }
    }

    @Test
    void masksThatTellNothingAreRefused() {
        for (double rate : new double[] {0, 1, -1, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> new DropoutDamage(10, rate, 10));
        }
        assertThrows(IllegalArgumentException.class, () -> new DropoutDamage(1, 0.5, 10));
        assertThrows(IllegalArgumentException.class, () -> new DropoutDamage(10, 0.5, 0));
        assertEquals("dropout-damage", new DropoutDamage(1000, 0.1, 500).name());
        assertEquals("dropout-damage masks=10 rate=0.5 examples=7", new DropoutDamage(10, 0.5, 7).name());
        // However low the rate, every unit is dropped once.
        assertEquals(3, scores(new DropoutDamage(4, 0.01, 5), SEED, STEP).get(0).length);
    }

    // ---- merging ----------------------------------------------------------------------------------------------------

    @Test
    void mergingEqualUnitsChangesNothing() {
        NetworkSpec wide = UnitPrunerTest.network(4, 5, 4, 3);
        List<float[]> values = new ArrayList<>();
        for (LayerParameters layer : whole.layers()) {
            values.add(layer.weight());
            values.add(layer.bias());
        }
        // Units 3 and 4 of the first layer are unit 1, units 2 and 3 of the second are unit 0; what leads from them is
        // shared out.
        int[][] original = {{0, 1, 2, 1, 1}, {0, 1, 0, 0}};
        List<float[]> copied = new ArrayList<>();
        for (int l = 0; l < 3; l++) {
            LayerParameters layer = whole.layers().get(l);
            int outputs = wide.outputs(l);
            int inputs = wide.inputs(l);
            float[] weight = new float[outputs * inputs];
            float[] bias = new float[outputs];
            for (int o = 0; o < outputs; o++) {
                int from = l < 2 ? original[l][o] : o;
                bias[o] = layer.bias()[from];
                for (int i = 0; i < inputs; i++) {
                    int source = l > 0 ? original[l - 1][i] : i;
                    int copies = l > 0
                            ? (int) Arrays.stream(original[l - 1])
                                    .filter(unit -> unit == source)
                                    .count()
                            : 1;
                    // Of three copies two have a quarter each: powers of two keep sums exact.
                    float share = copies == 1 ? 1f : i == source ? 0.5f : 0.25f;
                    weight[o * inputs + i] = share * layer.weight()[from * layer.inputs() + source];
                }
            }
            copied.add(weight);
            copied.add(bias);
        }
        Parameters twins = Parameters.zeros(wide).withValues(copied);
        Shrunk merged = UnitPrunerTest.shrink(
                new CpuBackend(), wide, twins, new UnitMerging(), Scope.GLOBAL, SPEC.parameters());
        assertEquals(SPEC.sizes(), merged.parameters().sizes());
        for (int i = 0; i < values.size(); i++) {
            assertArrayEquals(values.get(i), merged.parameters().values().get(i), "array " + i);
        }
    }

    /** Everything computed anew for every merge, units really taken out one by one. */
    private static List<double[][]> mergedPlainly(Parameters start, NetworkSpec spec, int parameters) {
        List<double[][]> layers = new ArrayList<>();
        for (LayerParameters layer : start.layers()) {
            double[][] rows = new double[layer.outputs()][layer.inputs() + 1];
            for (int o = 0; o < rows.length; o++) {
                for (int i = 0; i < layer.inputs(); i++) {
                    rows[o][i] = layer.weight()[o * layer.inputs() + i];
                }
                rows[o][layer.inputs()] = layer.bias()[o];
            }
            layers.add(rows);
        }
        while (count(layers) > parameters) {
            double best = Double.POSITIVE_INFINITY;
            int[] pair = {};
            for (int l = 0; l < spec.layers() - 1; l++) {
                double[][] rows = layers.get(l);
                for (int kept = 0; kept < rows.length; kept++) {
                    for (int gone = 0; gone < rows.length; gone++) {
                        double cost = distance(rows[kept], rows[gone]) * columnSquare(layers.get(l + 1), gone);
                        if (kept != gone && cost < best) {
                            best = cost;
                            pair = new int[] {l, kept, gone};
                        }
                    }
                }
            }
            merge(layers, pair[0], pair[1], pair[2]);
        }
        return layers;
    }

    private static void merge(List<double[][]> layers, int layer, int kept, int gone) {
        List<double[]> rows = new ArrayList<>(List.of(layers.get(layer)));
        rows.remove(gone);
        layers.set(layer, rows.toArray(double[][]::new));
        double[][] above = layers.get(layer + 1);
        for (int o = 0; o < above.length; o++) {
            double[] shorter = new double[above[o].length - 1];
            for (int i = 0; i < above[o].length; i++) {
                if (i != gone) {
                    shorter[i < gone ? i : i - 1] = above[o][i] + (i == kept ? above[o][gone] : 0);
                }
            }
            above[o] = shorter;
        }
    }

    private static int count(List<double[][]> layers) {
        return layers.stream().mapToInt(rows -> rows.length * rows[0].length).sum();
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.pow(a[i] - b[i], 2);
        }
        return sum;
    }

    private static double columnSquare(double[][] rows, int column) {
        return Arrays.stream(rows).mapToDouble(row -> row[column] * row[column]).sum();
    }

    @Test
    void mergingIsWhatItSays() {
        NetworkSpec spec = UnitPrunerTest.network(5, 9, 7, 3);
        for (int seed = 0; seed < 20; seed++) {
            Parameters start = UnitPrunerTest.parameters(spec, 100 + seed);
            int budget = 129 - 6 * seed;
            List<double[][]> expected = mergedPlainly(start, spec, budget);
            Parameters merged = UnitPrunerTest.shrink(
                            new CpuBackend(), spec, start, new UnitMerging(), Scope.GLOBAL, budget)
                    .parameters();
            for (int l = 0; l < 3; l++) {
                LayerParameters layer = merged.layers().get(l);
                assertEquals(expected.get(l).length, layer.outputs(), "seed " + seed);
                for (int o = 0; o < layer.outputs(); o++) {
                    double[] row = expected.get(l)[o];
                    assertEquals(row[layer.inputs()], layer.bias()[o], 1e-6);
                    for (int i = 0; i < layer.inputs(); i++) {
                        assertEquals(row[i], layer.weight()[o * layer.inputs() + i], 1e-6);
                    }
                }
            }
        }
    }
}
