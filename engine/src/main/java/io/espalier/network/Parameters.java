package io.espalier.network;

import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.util.ArrayList;
import java.util.List;

/**
 * The parameters of one network in host memory; treated as immutable.
 *
 * @param layers in network order
 */
public record Parameters(List<LayerParameters> layers) {
    /**
     * One linear map.
     *
     * @param weight (outputs, inputs) row-major, zero where the mask is
     * @param mask 1 alive, 0 pruned, of weight's length
     * @param bias (outputs)
     */
    public record LayerParameters(int outputs, int inputs, float[] weight, byte[] mask, float[] bias) {
        /** Weights that are alive. */
        public int alive() {
            int alive = 0;
            for (byte value : mask) {
                alive += value;
            }
            return alive;
        }

        /** The same mask over other values. */
        public LayerParameters withValues(float[] otherWeight, float[] otherBias) {
            float[] masked = otherWeight.clone();
            for (int i = 0; i < masked.length; i++) {
                masked[i] = mask[i] == 0 ? 0f : masked[i];
            }
            return new LayerParameters(outputs, inputs, masked, mask, otherBias);
        }
    }

    public Parameters {
        layers = List.copyOf(layers);
    }

    /**
     * Fresh parameters, all alive.
     *
     * @param stream which use of the seed; layer l draws from substream {@code firstSubstream + l}
     */
    public static Parameters initial(NetworkSpec spec, Seed seed, Stream stream, int firstSubstream) {
        List<LayerParameters> layers = new ArrayList<>();
        for (int layer = 0; layer < spec.layers(); layer++) {
            int outputs = spec.outputs(layer);
            int inputs = spec.inputs(layer);
            float[] weight = spec.initialization().weights(seed, stream.at(firstSubstream + layer), outputs, inputs);
            byte[] mask = new byte[weight.length];
            java.util.Arrays.fill(mask, (byte) 1);
            layers.add(new LayerParameters(outputs, inputs, weight, mask, new float[outputs]));
        }
        return new Parameters(layers);
    }

    /** Values of another set under this one's masks; biases are taken over too. */
    public Parameters withValuesOf(Parameters other) {
        List<LayerParameters> combined = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            LayerParameters values = other.layers.get(i);
            combined.add(layers.get(i).withValues(values.weight(), values.bias()));
        }
        return new Parameters(combined);
    }

    /** Weights that are alive. */
    public int aliveWeights() {
        return layers.stream().mapToInt(LayerParameters::alive).sum();
    }

    /** Weights, pruned ones included. */
    public int weights() {
        return layers.stream().mapToInt(layer -> layer.weight().length).sum();
    }

    public int biases() {
        return layers.stream().mapToInt(LayerParameters::outputs).sum();
    }
}
