package io.espalier.network;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.data.DataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The safetensors format: a little-endian 64-bit header length, a JSON header naming type, shape and byte range of every
 * tensor, the bytes. Written headers depend on the contents only, so that files of equal tensors are equal.
 */
public record SafeTensors(SortedMap<String, String> metadata, List<Entry> entries) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final int ALIGNMENT = 8;

    /** Element types that Espalier writes and reads. */
    public enum Type {
        F32(4),
        F16(2),
        U8(1);

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }
    }

    /** @param data the elements, row-major, little-endian */
    public record Entry(String name, Type type, List<Integer> shape, byte[] data) {
        public static Entry of(String name, float[] values, Integer... shape) {
            ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
            buffer.asFloatBuffer().put(values);
            return new Entry(name, Type.F32, List.of(shape), buffer.array());
        }

        /** Half precision, as bits. */
        public static Entry of(String name, short[] values, Integer... shape) {
            ByteBuffer buffer = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
            buffer.asShortBuffer().put(values);
            return new Entry(name, Type.F16, List.of(shape), buffer.array());
        }

        public static Entry of(String name, byte[] values, Integer... shape) {
            return new Entry(name, Type.U8, List.of(shape), values);
        }

        float[] floats() {
            float[] values = new float[data.length / 4];
            ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
            return values;
        }

        short[] halves() {
            short[] values = new short[data.length / 2];
            ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(values);
            return values;
        }
    }

    /** The file's bytes. */
    public byte[] toBytes() {
        ObjectNode header = JSON.createObjectNode();
        ObjectNode meta = header.putObject("__metadata__");
        metadata.forEach(meta::put);
        int offset = 0;
        for (Entry entry : entries) {
            ObjectNode description = header.putObject(entry.name);
            description.put("dtype", entry.type.name());
            entry.shape.forEach(description.putArray("shape")::add);
            description.putArray("data_offsets").add(offset).add(offset + entry.data.length);
            offset += entry.data.length;
        }
        byte[] text = padded(header.toString()).getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + text.length + offset).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(text.length).put(text);
        entries.forEach(entry -> file.put(entry.data));
        return file.array();
    }

    private static String padded(String header) {
        int length = header.getBytes(StandardCharsets.UTF_8).length;
        return header + " ".repeat((ALIGNMENT - length % ALIGNMENT) % ALIGNMENT);
    }

    /** Reads bytes; whatever is wrong with them is said in a {@link DataException} that calls them {@code name}. */
    public static SafeTensors parse(byte[] bytes, String name) {
        try {
            return parse(bytes);
        } catch (JsonProcessingException e) {
            throw new DataException(name + " has a damaged safetensors header: " + e.getOriginalMessage() + ".", e);
        } catch (IllegalArgumentException e) {
            throw new DataException(name + " is not a sound safetensors file: " + e.getMessage() + ".", e);
        }
    }

    private static SafeTensors parse(byte[] bytes) throws JsonProcessingException {
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        require(bytes.length >= 8, "it is shorter than its header length");
        long headerLength = file.getLong();
        require(headerLength >= 2 && headerLength <= bytes.length - 8, "its header length does not fit the file");
        int dataStart = 8 + (int) headerLength;
        JsonNode header = JSON.readTree(new String(bytes, 8, (int) headerLength, StandardCharsets.UTF_8));
        require(header.isObject(), "its header is not an object");
        SortedMap<String, String> metadata = new TreeMap<>();
        List<Entry> entries = new ArrayList<>();
        long covered = 0;
        for (Iterator<Map.Entry<String, JsonNode>> fields = header.fields(); fields.hasNext(); ) {
            Map.Entry<String, JsonNode> field = fields.next();
            if (field.getKey().equals("__metadata__")) {
                field.getValue()
                        .fields()
                        .forEachRemaining(item ->
                                metadata.put(item.getKey(), item.getValue().asText()));
            } else {
                Entry entry = entry(field.getKey(), field.getValue(), bytes, dataStart);
                covered += entry.data.length;
                entries.add(entry);
            }
        }
        require(covered == bytes.length - dataStart, "its tensors do not cover its data exactly");
        return new SafeTensors(metadata, entries);
    }

    private static Entry entry(String name, JsonNode description, byte[] bytes, int dataStart) {
        Type type;
        try {
            type = Type.valueOf(description.path("dtype").asText());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("tensor " + name + " has a type other than F32, F16 and U8", e);
        }
        List<Integer> shape = new ArrayList<>();
        long size = type.bytes;
        for (JsonNode dimension : description.path("shape")) {
            require(dimension.canConvertToInt() && dimension.intValue() >= 0, "tensor " + name + " has a bad shape");
            shape.add(dimension.intValue());
            size *= dimension.intValue();
            require(size <= bytes.length, "tensor " + name + " is larger than the file");
        }
        JsonNode offsets = description.path("data_offsets");
        require(
                offsets.isArray()
                        && offsets.size() == 2
                        && offsets.get(0).canConvertToInt()
                        && offsets.get(1).canConvertToInt(),
                "tensor " + name + " has no byte range");
        long first = offsets.get(0).longValue();
        long last = offsets.get(1).longValue();
        require(
                first >= 0 && last >= first && last <= bytes.length - dataStart && last - first == size,
                "the byte range of tensor " + name + " does not fit");
        byte[] data = java.util.Arrays.copyOfRange(bytes, dataStart + (int) first, dataStart + (int) last);
        return new Entry(name, type, shape, data);
    }

    private static void require(boolean condition, String problem) {
        if (!condition) {
            throw new IllegalArgumentException(problem);
        }
    }
}
