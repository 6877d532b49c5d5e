package io.espalier.network;

import io.espalier.data.DataException;
import io.espalier.network.Parameters.LayerParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A network's parameters as safetensors: {@code layers.<i>.weight} (out, in), {@code layers.<i>.bias}, and where weights are
 * pruned {@code layers.<i>.mask} (U8). No time and no path in the file, so that equal models are equal files.
 */
public final class ModelFile {
    private ModelFile() {}

    /** The bytes of a model file. */
    public static byte[] bytes(NetworkSpec spec, Parameters parameters) {
        TreeMap<String, String> metadata = new TreeMap<>();
        metadata.put("format", "espalier-model-1");
        metadata.put("network", spec.toString());
        List<SafeTensors.Entry> entries = new ArrayList<>();
        for (int i = 0; i < parameters.layers().size(); i++) {
            LayerParameters layer = parameters.layers().get(i);
            String prefix = "layers." + i + ".";
            entries.add(SafeTensors.Entry.of(prefix + "weight", layer.weight(), layer.outputs(), layer.inputs()));
            if (layer.alive() < layer.mask().length) {
                entries.add(SafeTensors.Entry.of(prefix + "mask", layer.mask(), layer.outputs(), layer.inputs()));
            }
            entries.add(SafeTensors.Entry.of(prefix + "bias", layer.bias(), layer.outputs()));
        }
        return new SafeTensors(metadata, entries).toBytes();
    }

    /** Reads a model for this network. */
    public static Parameters read(NetworkSpec spec, Path file) {
        try {
            return parse(spec, Files.readAllBytes(file), file.toString());
        } catch (IOException e) {
            throw new DataException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /** Reads a model from the bytes of a file that messages call {@code file}. */
    public static Parameters parse(NetworkSpec spec, byte[] bytes, String file) {
        Map<String, SafeTensors.Entry> entries = new LinkedHashMap<>();
        SafeTensors.parse(bytes, file).entries().forEach(entry -> entries.put(entry.name(), entry));
        List<LayerParameters> layers = new ArrayList<>();
        for (int i = 0; i < spec.layers(); i++) {
            String prefix = "layers." + i + ".";
            int outputs = spec.outputs(i);
            int inputs = spec.inputs(i);
            float[] weight = take(file, entries, prefix + "weight", SafeTensors.Type.F32, List.of(outputs, inputs))
                    .floats();
            float[] bias = take(file, entries, prefix + "bias", SafeTensors.Type.F32, List.of(outputs))
                    .floats();
            byte[] mask = new byte[weight.length];
            java.util.Arrays.fill(mask, (byte) 1);
            if (entries.containsKey(prefix + "mask")) {
                mask = take(file, entries, prefix + "mask", SafeTensors.Type.U8, List.of(outputs, inputs))
                        .data();
            }
            requireZerosUnder(file, prefix, weight, mask);
            layers.add(new LayerParameters(outputs, inputs, weight, mask, bias));
        }
        if (!entries.isEmpty()) {
            throw new DataException(
                    file + " holds " + entries.keySet().iterator().next() + ", which a network " + spec
                            + " does not have. Give the network that the file was saved from.");
        }
        return new Parameters(layers);
    }

    private static SafeTensors.Entry take(
            String file,
            Map<String, SafeTensors.Entry> entries,
            String name,
            SafeTensors.Type type,
            List<Integer> shape) {
        SafeTensors.Entry entry = entries.remove(name);
        if (entry == null) {
            throw new DataException(
                    file + " has no tensor " + name + ". Give the network that the file was saved from.");
        }
        if (entry.type() != type || !entry.shape().equals(shape)) {
            throw new DataException(file + ": " + name + " is " + entry.type() + " " + entry.shape()
                    + ", the network needs " + type + " " + shape + ". Give the network that the file was saved from.");
        }
        return entry;
    }

    private static void requireZerosUnder(String file, String prefix, float[] weight, byte[] mask) {
        for (int i = 0; i < mask.length; i++) {
            if (mask[i] != 1 && (mask[i] != 0 || weight[i] != 0)) {
                throw new DataException(file + ": " + prefix + "mask and " + prefix + "weight disagree at element " + i
                        + ". The file is damaged.");
            }
        }
    }
}
