package io.espalier.network;

import io.espalier.backend.WeightHash;
import io.espalier.data.DataException;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.network.Parameters.NormParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * A network's parameters as safetensors: {@code layers.<i>.weight} (out, in; of a convolution out, in, height, width),
 * {@code layers.<i>.bias}, and where weights are pruned {@code layers.<i>.mask} (U8). A batch normalisation has {@code .weight} and
 * {@code .bias}, its gain and shift, {@code .running_mean} and {@code .running_var}; i counts everything that has parameters. A hashed layer has {@code .buckets} (K) in place of {@code .weight}, and if its biases are
 * hashed too {@code .bias_buckets} in place of {@code .bias}; one of low rank has the learned {@code .factor} (rank, out). Of
 * these the metadata say {@code .store}, hash {@code .mode}, {@code .seed}, {@code .k}, {@code .rank}. Quantised layers are as
 * {@link PackedLayer} has them; as a flipped bit of theirs would be another sound weight, their file has a {@code crc32}: of the
 * same file without it. No time and no path in the file, so that equal models are equal files.
 */
public final class ModelFile {
    private static final String HASHED = "hashed";
    private static final String LOW_RANK = "low-rank";
    private static final String CHECKSUM = "crc32";

    private ModelFile() {}

    /** The bytes of a model file. */
    public static byte[] bytes(NetworkSpec spec, Parameters parameters) {
        TreeMap<String, String> metadata = new TreeMap<>();
        metadata.put("format", "espalier-model-1");
        metadata.put("network", spec.toString());
        List<SafeTensors.Entry> entries = new ArrayList<>();
        for (int i = 0; i < parameters.layers().size(); i++) {
            LayerParameters layer = parameters.layers().get(i);
            String prefix = spec.mapName(i) + ".";
            if (layer.store() instanceof StoreSpec.Quantised) {
                PackedLayer.write(prefix, layer, metadata, entries);
                continue;
            } else if (layer.store() instanceof StoreSpec.Hashed hashed) {
                describe(metadata, prefix, hashed);
                entries.add(SafeTensors.Entry.of(prefix + "buckets", layer.weight(), hashed.buckets()));
            } else if (layer.store() instanceof StoreSpec.LowRank product) {
                describe(metadata, prefix, product);
                entries.add(SafeTensors.Entry.of(prefix + "factor", layer.weight(), product.rank(), layer.outputs()));
            } else {
                entries.add(SafeTensors.Entry.of(prefix + "weight", layer.weight(), spec.weightShape(i)));
            }
            if (layer.alive() < layer.weights()) {
                entries.add(SafeTensors.Entry.of(prefix + "mask", layer.mask(), spec.weightShape(i)));
            }
            if (layer.bias().length > 0) {
                entries.add(SafeTensors.Entry.of(prefix + biases(layer.store()), layer.bias(), layer.bias().length));
            }
        }
        for (int i = 0; i < parameters.norms().size(); i++) {
            NormParameters norm = parameters.norms().get(i);
            String prefix = spec.normName(i) + ".";
            entries.add(SafeTensors.Entry.of(prefix + "weight", norm.gain(), norm.gain().length));
            entries.add(SafeTensors.Entry.of(prefix + "bias", norm.shift(), norm.gain().length));
            entries.add(SafeTensors.Entry.of(prefix + "running_mean", norm.mean(), norm.gain().length));
            entries.add(SafeTensors.Entry.of(prefix + "running_var", norm.variance(), norm.gain().length));
        }
        SafeTensors tensors = new SafeTensors(metadata, entries);
        if (parameters.layers().stream().anyMatch(layer -> layer.store() instanceof StoreSpec.Quantised)) {
            metadata.put(CHECKSUM, checksum(tensors));
        }
        return tensors.toBytes();
    }

    /** Bytes that the tensors of a quantised layer take in a file, indices and tables included. */
    public static long packedBytes(LayerParameters layer) {
        return PackedLayer.bytes(layer);
    }

    private static String checksum(SafeTensors tensors) {
        TreeMap<String, String> others = new TreeMap<>(tensors.metadata());
        others.remove(CHECKSUM);
        CRC32 sum = new CRC32();
        sum.update(new SafeTensors(others, tensors.entries()).toBytes());
        return String.format(Locale.ROOT, "%08x", sum.getValue());
    }

    private static void describe(Map<String, String> metadata, String prefix, StoreSpec.Hashed hashed) {
        metadata.put(prefix + "store", HASHED);
        metadata.put(prefix + "mode", hashed.mode().name().toLowerCase(Locale.ROOT));
        metadata.put(prefix + "seed", Integer.toString(hashed.seed()));
        metadata.put(prefix + "k", Integer.toString(hashed.buckets()));
        if (hashed.biasBuckets() > 0) {
            metadata.put(prefix + "bias_k", Integer.toString(hashed.biasBuckets()));
        }
    }

    private static void describe(Map<String, String> metadata, String prefix, StoreSpec.LowRank product) {
        metadata.put(prefix + "store", LOW_RANK);
        metadata.put(prefix + "seed", Long.toString(product.seed()));
        metadata.put(prefix + "rank", Integer.toString(product.rank()));
    }

    private static StoreSpec store(Map<String, String> metadata, String prefix, String file) {
        String kind = metadata.get(prefix + "store");
        try {
            if (kind == null) {
                return StoreSpec.DENSE;
            } else if (kind.equals(HASHED)) {
                return new StoreSpec.Hashed(
                        WeightHash.Mode.valueOf(
                                metadata.getOrDefault(prefix + "mode", "").toUpperCase(Locale.ROOT)),
                        Integer.parseInt(metadata.get(prefix + "seed")),
                        Integer.parseInt(metadata.get(prefix + "k")),
                        Integer.parseInt(metadata.getOrDefault(prefix + "bias_k", "0")));
            } else if (kind.equals(LOW_RANK)) {
                return new StoreSpec.LowRank(
                        Integer.parseInt(metadata.get(prefix + "rank")), Long.parseLong(metadata.get(prefix + "seed")));
            }
        } catch (IllegalArgumentException e) {
            throw new DataException(
                    file + ": the metadata of " + prefix + "store are damaged: " + e.getMessage() + ".", e);
        }
        throw new DataException(file + ": " + prefix + "store is " + kind + ", which this release does not know.");
    }

    private static String biases(StoreSpec store) {
        return store instanceof StoreSpec.Hashed hashed && hashed.biasBuckets() > 0 ? "bias_buckets" : "bias";
    }

    /** Reads a model for this network. */
    public static Parameters read(NetworkSpec spec, Path file) {
        try {
            return parse(spec, Files.readAllBytes(file), file.toString());
        } catch (NoSuchFileException e) {
            throw new DataException(file + " does not exist.", e);
        } catch (IOException e) {
            throw new DataException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /** Reads a model from the bytes of a file that messages call {@code file}. */
    public static Parameters parse(NetworkSpec spec, byte[] bytes, String file) {
        SafeTensors tensors = SafeTensors.parse(bytes, file);
        StoredTensors from = new StoredTensors(file, tensors);
        List<LayerParameters> layers = new ArrayList<>();
        for (int i = 0; i < spec.layers(); i++) {
            String prefix = spec.mapName(i) + ".";
            if (PackedLayer.isKind(from.metadata().get(prefix + "store"))) {
                requireChecksum(tensors, file);
                layers.add(PackedLayer.read(prefix, from, spec.outputs(i), spec.inputs(i), spec.biases(i)));
            } else {
                layers.add(layer(spec, i, from));
            }
        }
        List<NormParameters> norms = new ArrayList<>();
        for (int i = 0; i < spec.architecture().norms().size(); i++) {
            norms.add(norm(spec, i, from));
        }
        from.requireEmpty(spec);
        return new Parameters(layers, norms);
    }

    private static NormParameters norm(NetworkSpec spec, int norm, StoredTensors from) {
        String prefix = spec.normName(norm) + ".";
        int channels = spec.architecture().norms().get(norm).channels();
        return new NormParameters(
                from.floats(prefix + "weight", channels),
                from.floats(prefix + "bias", channels),
                from.floats(prefix + "running_mean", channels),
                from.floats(prefix + "running_var", channels));
    }

    private static void requireChecksum(SafeTensors tensors, String file) {
        if (!checksum(tensors).equals(tensors.metadata().get(CHECKSUM))) {
            throw new DataException(file + " is damaged: its checksum does not match.");
        }
    }

    private static LayerParameters layer(NetworkSpec spec, int number, StoredTensors from) {
        String prefix = spec.mapName(number) + ".";
        int outputs = spec.outputs(number);
        int inputs = spec.inputs(number);
        StoreSpec store = store(from.metadata(), prefix, from.file());
        float[] weight = weights(spec, number, store, from);
        float[] bias =
                spec.biases(number) == 0 ? new float[0] : from.floats(prefix + biases(store), store.biases(outputs));
        byte[] mask = new byte[weight.length];
        java.util.Arrays.fill(mask, (byte) 1);
        if (store instanceof StoreSpec.Dense && from.has(prefix + "mask")) {
            mask = from.bytes(prefix + "mask", spec.weightShape(number));
        }
        requireZerosUnder(from.file(), prefix, weight, mask);
        return new LayerParameters(outputs, inputs, store, weight, mask, bias);
    }

    private static float[] weights(NetworkSpec spec, int number, StoreSpec store, StoredTensors from) {
        String prefix = spec.mapName(number) + ".";
        if (store instanceof StoreSpec.Hashed hashed) {
            return from.floats(prefix + "buckets", hashed.buckets());
        } else if (store instanceof StoreSpec.LowRank product) {
            return from.floats(prefix + "factor", product.rank(), spec.outputs(number));
        }
        return from.floats(prefix + "weight", spec.weightShape(number));
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
