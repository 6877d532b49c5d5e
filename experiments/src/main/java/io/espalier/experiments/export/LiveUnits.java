package io.espalier.experiments.export;

import io.espalier.backend.Activation;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The hidden units of a pruned network that still matter. A unit from which nothing goes on is left out; one that nothing reaches
 * always says the same, which the biases after it take over. Of every hidden layer at least one unit stays.
 *
 * @param units numbers of those left: inputs, hidden layers, outputs
 * @param biases of every layer, one for each unit, whether it is left or not
 */
record LiveUnits(List<int[]> units, List<float[]> biases) {
    static LiveUnits of(NetworkSpec spec, Parameters parameters) {
        List<float[]> weights = new ArrayList<>();
        List<float[]> biases = new ArrayList<>();
        for (int l = 0; l < spec.layers(); l++) {
            VirtualWeights virtual = VirtualWeights.of(l, parameters.layers().get(l));
            weights.add(virtual.weights());
            biases.add(virtual.biases().clone());
        }
        List<int[]> units = new ArrayList<>();
        spec.sizes().forEach(size -> units.add(IntStream.range(0, size).toArray()));
        // What nothing reaches shows from the inputs on, what nothing follows from the outputs back.
        for (int l = 1; l < spec.layers(); l++) {
            takeOverConstants(spec, l, weights, biases, units);
        }
        for (int l = spec.layers() - 1; l > 0; l--) {
            dropUnheard(spec, l, weights, units);
        }
        return new LiveUnits(units, biases);
    }

    /** Where in a layer's matrix the connections between units that are left stand, row-major. */
    int[] places(int layer, int inputs) {
        return Arrays.stream(units.get(layer + 1))
                .flatMap(to -> Arrays.stream(units.get(layer)).map(from -> to * inputs + from))
                .toArray();
    }

    private static void takeOverConstants(
            NetworkSpec spec, int layer, List<float[]> weights, List<float[]> biases, List<int[]> units) {
        int inputs = spec.inputs(layer - 1);
        int[] reached = Arrays.stream(units.get(layer))
                .filter(unit -> Arrays.stream(units.get(layer - 1))
                        .anyMatch(from -> weights.get(layer - 1)[unit * inputs + from] != 0))
                .toArray();
        int[] kept = reached.length > 0 ? reached : Arrays.copyOf(units.get(layer), 1);
        for (int unit : units.get(layer)) {
            if (Arrays.stream(kept).noneMatch(one -> one == unit)) {
                double constant = value(spec.activation(layer - 1), biases.get(layer - 1)[unit]);
                for (int to = 0; to < spec.outputs(layer); to++) {
                    biases.get(layer)[to] += (float) (constant * weights.get(layer)[to * spec.inputs(layer) + unit]);
                }
            }
        }
        units.set(layer, kept);
    }

    private static void dropUnheard(NetworkSpec spec, int layer, List<float[]> weights, List<int[]> units) {
        int[] heard = Arrays.stream(units.get(layer))
                .filter(unit -> Arrays.stream(units.get(layer + 1))
                        .anyMatch(to -> weights.get(layer)[to * spec.inputs(layer) + unit] != 0))
                .toArray();
        units.set(layer, heard.length > 0 ? heard : Arrays.copyOf(units.get(layer), 1));
    }

    private static double value(Activation activation, double z) {
        return switch (activation) {
            case LINEAR -> z;
            case RELU -> Math.max(z, 0);
            case SIGMOID -> 1 / (1 + Math.exp(-z));
            case TANH -> Math.tanh(z);
        };
    }
}
