package io.espalier.network;

import io.espalier.data.DataException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tensors of a model file while it is read: each is taken once, and is what the network needs or refused. */
final class StoredTensors {
    private final String file;
    private final Map<String, String> metadata;
    private final Map<String, SafeTensors.Entry> entries = new LinkedHashMap<>();

    /** @param file what messages call it */
    StoredTensors(String file, SafeTensors tensors) {
        this.file = file;
        this.metadata = tensors.metadata();
        tensors.entries().forEach(entry -> entries.put(entry.name(), entry));
    }

    String file() {
        return file;
    }

    Map<String, String> metadata() {
        return metadata;
    }

    /** A number that the metadata must have. */
    int number(String key) {
        try {
            return Integer.parseInt(metadata.getOrDefault(key, ""));
        } catch (NumberFormatException e) {
            throw new DataException(file + ": the metadata lack a number " + key + ". The file is damaged.", e);
        }
    }

    boolean has(String name) {
        return entries.containsKey(name);
    }

    float[] floats(String name, Integer... shape) {
        return take(name, SafeTensors.Type.F32, List.of(shape)).floats();
    }

    short[] halves(String name, Integer... shape) {
        return take(name, SafeTensors.Type.F16, List.of(shape)).halves();
    }

    byte[] bytes(String name, Integer... shape) {
        return take(name, SafeTensors.Type.U8, List.of(shape)).data();
    }

    /** A list of float32, as long as it is. */
    float[] list(String name) {
        return floats(name, has(name) ? entries.get(name).data().length / Float.BYTES : 0);
    }

    /** A stream of bytes, as long as it is; empty where there is none. */
    byte[] stream(String name) {
        return has(name) ? bytes(name, entries.get(name).data().length) : new byte[0];
    }

    private SafeTensors.Entry take(String name, SafeTensors.Type type, List<Integer> shape) {
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

    /** Refuses a file in which something has not been taken. */
    void requireEmpty(NetworkSpec spec) {
        if (!entries.isEmpty()) {
            throw new DataException(
                    file + " holds " + entries.keySet().iterator().next() + ", which a network " + spec
                            + " does not have. Give the network that the file was saved from.");
        }
    }
}
