package io.espalier.network;

import io.espalier.coding.Binary16;
import io.espalier.coding.Places;
import io.espalier.coding.SymbolStream;
import io.espalier.data.DataException;
import io.espalier.network.Parameters.LayerParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A quantised layer in a model file: numbers for the weights that are alive, and where those are if any is pruned.
 *
 * <p>{@code .codes}: for every such weight, row-major, its entry of {@code .codebook}, or (linear) its multiple of the number in
 * {@code .step} plus the largest; half precision has {@code .weight} in F16 instead. {@code .places}: see {@link Places}, of how
 * many bits the metadata say {@code .gap_bits}. Beside a Huffman-coded stream stand the lengths of its codes,
 * {@code .codes_lengths} and {@code .places_lengths}. Metadata: {@code .store}, {@code .bits}, {@code .alive}.
 */
final class PackedLayer {
    private static final String CODEBOOK = "codebook";
    private static final String LINEAR = "linear";
    private static final String HALF = "half";

    private PackedLayer() {}

    /** Whether a {@code .store} of the metadata is one of these. */
    static boolean isKind(String store) {
        return CODEBOOK.equals(store) || LINEAR.equals(store) || HALF.equals(store);
    }

    /** What {@link #write} adds to a file's tensors, in bytes. */
    static long bytes(LayerParameters layer) {
        List<SafeTensors.Entry> entries = new ArrayList<>();
        write("", layer, new java.util.TreeMap<>(), entries);
        return entries.stream().mapToLong(entry -> entry.data().length).sum();
    }

    // ---- writing ----------------------------------------------------------------------------------------------------

    static void write(
            String prefix, LayerParameters layer, Map<String, String> metadata, List<SafeTensors.Entry> entries) {
        byte[] taken = alive(layer);
        int alive = layer.alive();
        metadata.put(prefix + "alive", Integer.toString(alive));
        if (alive < taken.length) {
            Places places = Places.of(taken);
            metadata.put(prefix + "gap_bits", Integer.toString(places.gapBits()));
            stream(prefix + "places", places.stream(), entries);
        }
        if (layer.store() instanceof StoreSpec.Codebook codebook) {
            metadata.put(prefix + "store", CODEBOOK);
            entries.add(SafeTensors.Entry.of(prefix + "codebook", layer.weight(), codebook.entries()));
            int[] codes = codebook.assignment().entries();
            stream(prefix + "codes", SymbolStream.of(codes, codebook.entries()), entries);
        } else if (layer.store() instanceof StoreSpec.Linear linear) {
            metadata.put(prefix + "store", LINEAR);
            metadata.put(prefix + "bits", Integer.toString(linear.bits()));
            entries.add(SafeTensors.Entry.of(prefix + "step", new float[] {linear.step()}, 1));
            stream(prefix + "codes", SymbolStream.of(multiples(layer, linear), 2 * linear.most() + 1), entries);
        } else {
            metadata.put(prefix + "store", HALF);
            short[] weights = halves(chosen(layer.weight(), taken, alive));
            entries.add(
                    alive < taken.length
                            ? SafeTensors.Entry.of(prefix + "weight", weights, alive)
                            : SafeTensors.Entry.of(prefix + "weight", weights, layer.outputs(), layer.inputs()));
            if (layer.bias().length > 0) {
                entries.add(SafeTensors.Entry.of(prefix + "bias", halves(layer.bias()), layer.outputs()));
            }
            return;
        }
        if (layer.bias().length > 0) {
            entries.add(SafeTensors.Entry.of(prefix + "bias", layer.bias(), layer.outputs()));
        }
    }

    private static void stream(String name, SymbolStream stream, List<SafeTensors.Entry> entries) {
        entries.add(SafeTensors.Entry.of(name, stream.bits(), stream.bits().length));
        if (stream.lengths().length > 0) {
            entries.add(SafeTensors.Entry.of(name + "_lengths", stream.lengths(), stream.lengths().length));
        }
    }

    private static byte[] alive(LayerParameters layer) {
        return layer.store() instanceof StoreSpec.Codebook codebook
                ? codebook.assignment().alive()
                : layer.mask();
    }

    private static int[] multiples(LayerParameters layer, StoreSpec.Linear linear) {
        float[] weights = chosen(layer.weight(), layer.mask(), layer.alive());
        int[] codes = new int[weights.length];
        for (int i = 0; i < codes.length; i++) {
            int multiple = linear.multiple(weights[i]);
            requireSame(linear.weight(multiple), weights[i]);
            codes[i] = multiple + linear.most();
        }
        return codes;
    }

    private static short[] halves(float[] values) {
        short[] halves = new short[values.length];
        for (int i = 0; i < halves.length; i++) {
            halves[i] = Binary16.of(values[i]);
            requireSame(Binary16.toFloat(halves[i]), values[i]);
        }
        return halves;
    }

    /** A file never holds other numbers than the network had. */
    private static void requireSame(float stored, float value) {
        if (Float.compare(stored, value) != 0) {
            throw new IllegalStateException("A quantised layer holds " + value + ", which its bits cannot say");
        }
    }

    private static float[] chosen(float[] weights, byte[] taken, int count) {
        float[] chosen = new float[count];
        int next = 0;
        for (int i = 0; i < taken.length; i++) {
            if (taken[i] != 0) {
                chosen[next++] = weights[i];
            }
        }
        return chosen;
    }

    // ---- reading ----------------------------------------------------------------------------------------------------

    static LayerParameters read(String prefix, StoredTensors from, int outputs, int inputs, int biases) {
        try {
            return sound(prefix, from, outputs, inputs, biases);
        } catch (IllegalArgumentException e) {
            throw new DataException(from.file() + ": the layer " + prefix + "* is damaged: " + e.getMessage() + ".", e);
        }
    }

    private static LayerParameters sound(String prefix, StoredTensors from, int outputs, int inputs, int biasCount) {
        int connections = outputs * inputs;
        int alive = from.number(prefix + "alive");
        if (alive < 0 || alive > connections) {
            throw new IllegalArgumentException(alive + " of " + connections + " weights are said to be alive");
        }
        byte[] taken = new byte[connections];
        Arrays.fill(taken, (byte) 1);
        if (alive < connections) {
            byte[] places = from.stream(prefix + "places");
            byte[] lengths = from.stream(prefix + "places_lengths");
            taken = Places.stored(from.number(prefix + "gap_bits"), places, lengths)
                    .taken(alive, connections);
        }
        String kind = from.metadata().get(prefix + "store");
        if (kind.equals(HALF)) {
            float[] weights = floats(
                    alive < connections
                            ? from.halves(prefix + "weight", alive)
                            : from.halves(prefix + "weight", outputs, inputs));
            float[] biases = biasCount == 0 ? new float[0] : floats(from.halves(prefix + "bias", biasCount));
            return new LayerParameters(outputs, inputs, new StoreSpec.Half(), spread(weights, taken), taken, biases);
        }
        float[] biases = biasCount == 0 ? new float[0] : from.floats(prefix + "bias", biasCount);
        if (kind.equals(LINEAR)) {
            StoreSpec.Linear linear =
                    new StoreSpec.Linear(from.number(prefix + "bits"), from.floats(prefix + "step", 1)[0]);
            int[] codes = codes(prefix, from, alive, 2 * linear.most() + 1);
            float[] weights = new float[alive];
            for (int i = 0; i < alive; i++) {
                weights[i] = linear.weight(codes[i] - linear.most());
            }
            return new LayerParameters(outputs, inputs, linear, spread(weights, taken), taken, biases);
        }
        float[] codebook = from.list(prefix + "codebook");
        int[] codes = codes(prefix, from, alive, codebook.length);
        byte[] ones = new byte[codebook.length];
        Arrays.fill(ones, (byte) 1);
        StoreSpec store = new StoreSpec.Codebook(codebook.length, new Assignment(taken, codes));
        return new LayerParameters(outputs, inputs, store, codebook, ones, biases);
    }

    private static int[] codes(String prefix, StoredTensors from, int count, int alphabet) {
        byte[] bits = from.stream(prefix + "codes");
        byte[] lengths = from.stream(prefix + "codes_lengths");
        return new SymbolStream(alphabet, bits, lengths).symbols(count);
    }

    private static float[] floats(short[] halves) {
        float[] values = new float[halves.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Binary16.toFloat(halves[i]);
        }
        return values;
    }

    private static float[] spread(float[] values, byte[] taken) {
        float[] weights = new float[taken.length];
        int next = 0;
        for (int i = 0; i < taken.length; i++) {
            weights[i] = taken[i] == 0 ? 0 : values[next++];
        }
        return weights;
    }
}
