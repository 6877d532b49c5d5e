package io.espalier.network;

import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The parameters of one network in host memory; treated as immutable.
 *
 * @param layers its linear maps, in network order
 * @param norms its batch normalisations, in network order
 */
public record Parameters(List<LayerParameters> layers, List<NormParameters> norms) {
    /**
     * One batch normalisation, a number a channel of each.
     *
     * @param gain learned
     * @param shift learned
     * @param mean running average
     * @param variance running average, not negative
     */
    public record NormParameters(float[] gain, float[] shift, float[] mean, float[] variance) {
        public NormParameters {
            if (shift.length != gain.length || mean.length != gain.length || variance.length != gain.length) {
                throw new IllegalArgumentException("A normalisation of " + gain.length + " channels does not have "
                        + shift.length + " shifts, " + mean.length + " means and " + variance.length + " variances");
            }
        }

        private NormParameters part(int[] channels) {
            return new NormParameters(
                    part(gain, channels), part(shift, channels), part(mean, channels), part(variance, channels));
        }

        private static float[] part(float[] numbers, int[] places) {
            float[] part = new float[places.length];
            for (int i = 0; i < part.length; i++) {
                part[i] = numbers[places[i]];
            }
            return part;
        }
    }

    /**
     * One linear map.
     *
     * @param store how it is stored, which says what the numbers are
     * @param weight dense, linear, half: (outputs, inputs) row-major, zero where the mask is; hashed: the buckets; low rank: the
     *     learned factor, (rank, outputs) row-major; codebook: its entries
     * @param mask 1 alive, 0 pruned, of weight's length; ones unless there is a weight for every connection
     * @param bias (outputs), or their buckets; empty where the layer has none
     */
    public record LayerParameters(int outputs, int inputs, StoreSpec store, float[] weight, byte[] mask, float[] bias) {
        public LayerParameters {
            if (weight.length != store.weights(outputs, inputs)
                    || mask.length != weight.length
                    || store instanceof StoreSpec.Codebook && store.counted(outputs, inputs) != outputs * inputs
                    || bias.length != 0 && bias.length != store.biases(outputs)) {
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
            float[] biases = new float[bias.length == 0 ? 0 : rows.length];
            for (int i = 0; i < rows.length; i++) {
                if (bias.length > 0) {
                    biases[i] = bias[rows[i]];
                }
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
        norms = List.copyOf(norms);
    }

    /** Those of a network without normalisations. */
    public Parameters(List<LayerParameters> layers) {
        this(layers, List.of());
    }

    /** Dense zeros, all alive. */
    public static Parameters zeros(NetworkSpec spec) {
        List<LayerParameters> layers = new ArrayList<>();
        for (int l = 0; l < spec.layers(); l++) {
            int weights = spec.outputs(l) * spec.inputs(l);
            byte[] mask = new byte[weights];
            java.util.Arrays.fill(mask, (byte) 1);
            layers.add(new LayerParameters(
                    spec.outputs(l), spec.inputs(l), new float[weights], mask, new float[spec.biases(l)]));
        }
        return new Parameters(layers, initialNorms(spec));
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
            int biases = spec.biases(layer) == 0 ? 0 : store.biases(outputs);
            layers.add(new LayerParameters(outputs, inputs, store, weight, mask, new float[biases]));
        }
        return new Parameters(layers, initialNorms(spec));
    }

    private static List<NormParameters> initialNorms(NetworkSpec spec) {
        return spec.architecture().norms().stream()
                .map(norm -> BatchNormalisation.initial(norm.channels()))
                .toList();
    }

    /** What training changes: weights and biases of layer 0, of layer 1, and so on; then gains and shifts likewise. */
    public List<float[]> values() {
        List<float[]> values = new ArrayList<>();
        for (LayerParameters layer : layers) {
            values.add(layer.weight());
            if (layer.bias().length > 0) {
                values.add(layer.bias());
            }
        }
        norms.forEach(norm -> values.addAll(List.of(norm.gain(), norm.shift())));
        return values;
    }

    /** Where {@link #values} has the weights of layer l. */
    public int weightIndex(int layer) {
        int index = 0;
        for (LayerParameters before : layers.subList(0, layer)) {
            index += before.bias().length > 0 ? 2 : 1;
        }
        return index;
    }

    /** Other {@link #values} under the same masks: what belongs to each parameter, such as its velocity. */
    public Parameters withValues(List<float[]> values) {
        Iterator<float[]> next = values.iterator();
        List<LayerParameters> changed = new ArrayList<>();
        for (LayerParameters layer : layers) {
            float[] weight = next.next();
            changed.add(layer.withValues(weight, layer.bias().length > 0 ? next.next() : layer.bias()));
        }
        List<NormParameters> changedNorms = new ArrayList<>();
        for (NormParameters norm : norms) {
            changedNorms.add(new NormParameters(next.next(), next.next(), norm.mean(), norm.variance()));
        }
        return new Parameters(changed, changedNorms);
    }

    /** Others of the same network, zero where these masks say so. */
    public Parameters masking(Parameters others) {
        return new Parameters(withValues(others.values()).layers, others.norms);
    }

    /**
     * Those of the network in which only these hidden units are left: a lost unit takes along the weights to it, its bias, its place
     * in normalisations and the weights from it.
     *
     * @param spec the network that these are of
     * @throws IllegalArgumentException if a layer is not dense
     */
    public Parameters left(NetworkSpec spec, HiddenUnits units) {
        if (units.areAll()) {
            return this;
        }
        if (!storage().isDense()) {
            throw new IllegalArgumentException("Units can be taken from dense layers only, not from " + storage());
        }
        int[][] columns = new int[layers.size()][];
        List<NormParameters> norms = new ArrayList<>(this.norms);
        for (int l = 0; l < layers.size(); l++) {
            int reader = spec.architecture().reader(l);
            if (reader != Architecture.NONE) {
                int width = layers.get(l).outputs();
                int[] numbers = units.numbers(l, width);
                columns[reader] = spread(numbers, layers.get(reader).inputs() / width);
                for (int norm : spec.architecture().normsOnTheWay(l)) {
                    norms.set(norm, norms.get(norm).part(numbers));
                }
            }
        }
        List<LayerParameters> parts = new ArrayList<>();
        for (int l = 0; l < layers.size(); l++) {
            LayerParameters layer = layers.get(l);
            int[] all = columns[l] == null ? spread(new int[] {0}, layer.inputs()) : columns[l];
            parts.add(layer.part(units.numbers(l, layer.outputs()), all));
        }
        return new Parameters(parts, norms);
    }

    /** The columns of units that have so many each. */
    private static int[] spread(int[] units, int columnsEach) {
        int[] columns = new int[units.length * columnsEach];
        java.util.Arrays.setAll(columns, i -> units[i / columnsEach] * columnsEach + i % columnsEach);
        return columns;
    }

    /** Inputs of the first linear map, then the outputs of all. */
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

    /** Numbers that are stored and never pruned: biases, gains and shifts. */
    public int biases() {
        return layers.stream().mapToInt(layer -> layer.bias().length).sum()
                + norms.stream().mapToInt(norm -> 2 * norm.gain().length).sum();
    }
}
