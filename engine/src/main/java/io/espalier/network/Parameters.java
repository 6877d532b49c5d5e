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
     * @param store how it is stored, which says what the numbers are
     * @param weight dense, linear, half: (outputs, inputs) row-major, zero where the mask is; hashed: the buckets; low rank: the
     *     learned factor, (rank, outputs) row-major; codebook: its entries
     * @param mask 1 alive, 0 pruned, of weight's length; ones unless there is a weight for every connection
     * @param bias (outputs), or their buckets
     */
    public record LayerParameters(int outputs, int inputs, StoreSpec store, float[] weight, byte[] mask, float[] bias) {
        public LayerParameters {
            if (weight.length != store.weights(outputs, inputs)
                    || mask.length != weight.length
                    || store instanceof StoreSpec.Codebook && store.counted(outputs, inputs) != outputs * inputs
                    || bias.length != store.biases(outputs)) {
                throw new IllegalArgumentException(
                        "A layer of " + inputs + " inputs and " + outputs + " outputs, stored as "
                                + store + ", does not have " + weight.length + " weights under a mask of " + mask.length
                                + " and "
                                + bias.length + " biases");
            }
        }

        /** A dense layer. */
        public LayerParameters(int outputs, int inputs, float[] weight, byte[] mask, float[] bias) {
            this(outputs, inputs, StoreSpec.DENSE, weight, mask, bias);
        }

        /** Weights that are alive. */
        public int alive() {
            int alive = 0;
            for (byte value : mask) {
                alive += value;
            }
            return store.countedAlive(alive);
        }

        /** Weights, pruned ones included. */
        public int weights() {
            return store.counted(outputs, inputs);
        }

        /** The same mask over other values. */
        public LayerParameters withValues(float[] otherWeight, float[] otherBias) {
            float[] masked = otherWeight.clone();
            for (int i = 0; i < masked.length; i++) {
                masked[i] = mask[i] == 0 ? 0f : masked[i];
            }
            return new LayerParameters(outputs, inputs, store, masked, mask, otherBias);
        }

        /** A dense layer's part with these rows and columns. */
        private LayerParameters part(int[] rows, int[] columns) {
            float[] weights = new float[rows.length * columns.length];
            byte[] masks = new byte[weights.length];
            float[] biases = new float[rows.length];
            for (int i = 0; i < rows.length; i++) {
                biases[i] = bias[rows[i]];
                for (int j = 0; j < columns.length; j++) {
                    weights[i * columns.length + j] = weight[rows[i] * inputs + columns[j]];
                    masks[i * columns.length + j] = mask[rows[i] * inputs + columns[j]];
                }
            }
            return new LayerParameters(rows.length, columns.length, weights, masks, biases);
        }
    }

    public Parameters {
        layers = List.copyOf(layers);
    }

    /** Dense zeros, all alive. */
    public static Parameters zeros(NetworkSpec spec) {
        List<LayerParameters> layers = new ArrayList<>();
        for (int l = 0; l < spec.layers(); l++) {
            int weights = spec.outputs(l) * spec.inputs(l);
            byte[] mask = new byte[weights];
            java.util.Arrays.fill(mask, (byte) 1);
            layers.add(new LayerParameters(
                    spec.outputs(l), spec.inputs(l), new float[weights], mask, new float[spec.outputs(l)]));
        }
        return new Parameters(layers);
    }

    /** Fresh dense parameters, all alive. */
    public static Parameters initial(NetworkSpec spec, Seed seed, Stream stream, int firstSubstream) {
        return initial(spec, Storage.DENSE, seed, stream, firstSubstream);
    }

    /**
     * Fresh parameters, all alive, biases zero.
     *
     * @param stream which use of the seed; layer l draws from substream {@code firstSubstream + l}
     */
    public static Parameters initial(NetworkSpec spec, Storage storage, Seed seed, Stream stream, int firstSubstream) {
        List<LayerParameters> layers = new ArrayList<>();
        for (int layer = 0; layer < spec.layers(); layer++) {
            int outputs = spec.outputs(layer);
            int inputs = spec.inputs(layer);
            StoreSpec store = storage.layer(layer);
            float[] weight =
                    spec.initialization().weights(seed, stream.at(firstSubstream + layer), outputs, inputs, store);
            byte[] mask = new byte[weight.length];
            java.util.Arrays.fill(mask, (byte) 1);
            layers.add(new LayerParameters(outputs, inputs, store, weight, mask, new float[store.biases(outputs)]));
        }
        return new Parameters(layers);
    }

    /** Weights and biases of layer 0, of layer 1, and so on. */
    public List<float[]> values() {
        List<float[]> values = new ArrayList<>();
        layers.forEach(layer -> values.addAll(List.of(layer.weight(), layer.bias())));
        return values;
    }

    /** Other {@link #values} under the same masks: what belongs to each parameter, such as its velocity. */
    public Parameters withValues(List<float[]> values) {
        List<LayerParameters> changed = new ArrayList<>();
        for (int l = 0; l < layers.size(); l++) {
            changed.add(layers.get(l).withValues(values.get(2 * l), values.get(2 * l + 1)));
        }
        return new Parameters(changed);
    }

    /**
     * Those of the network in which only these hidden units are left: a lost unit takes along the weights to it, its bias and the
     * weights from it.
     *
     * @throws IllegalArgumentException if a layer is not dense
     */
    public Parameters left(HiddenUnits units) {
        if (units.areAll()) {
            return this;
        }
        if (!storage().isDense()) {
            throw new IllegalArgumentException("Units can be taken from dense layers only, not from " + storage());
        }
        List<LayerParameters> parts = new ArrayList<>();
        for (int l = 0; l < layers.size(); l++) {
            LayerParameters layer = layers.get(l);
            parts.add(layer.part(units.numbers(l, layer.outputs()), units.numbers(l - 1, layer.inputs())));
        }
        return new Parameters(parts);
    }

    /** Inputs, widths of the hidden layers, outputs. */
    public List<Integer> sizes() {
        List<Integer> sizes = new ArrayList<>(List.of(layers.get(0).inputs()));
        layers.forEach(layer -> sizes.add(layer.outputs()));
        return sizes;
    }

    /** How they are stored. */
    public Storage storage() {
        return new Storage(layers.stream().map(LayerParameters::store).toList());
    }

    /** Weights that are alive. */
    public int aliveWeights() {
        return layers.stream().mapToInt(LayerParameters::alive).sum();
    }

    /** Weights, pruned ones included. */
    public int weights() {
        return layers.stream().mapToInt(LayerParameters::weights).sum();
    }

    /** Stored biases. */
    public int biases() {
        return layers.stream().mapToInt(layer -> layer.bias().length).sum();
    }
}
