package io.espalier.experiments.export;

import io.espalier.backend.Activation;
import io.espalier.network.NetworkSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An ONNX graph as it grows: operators in the order of computation, constants, one input and one output. Field numbers are those of
 * onnx.proto; operator set {@value #OPERATORS} is the first that dequantises 16-bit numbers.
 */
final class OnnxGraph {
    private static final int IR_VERSION = 10;
    private static final int OPERATORS = 21;

    /** Types of attributes in onnx.proto. */
    private static final int INTEGER = 2;

    private static final int INTEGERS = 7;

    /** Element types and their numbers in onnx.proto. */
    enum Type {
        FLOAT(1, 4),
        UINT8(2, 1),
        INT8(3, 1),
        UINT16(4, 2),
        INT16(5, 2),
        INT32(6, 4),
        FLOAT16(10, 2);

        private final int number;
        private final int bytes;

        Type(int number, int bytes) {
            this.number = number;
            this.bytes = bytes;
        }
    }

    private final Protobuf graph = new Protobuf();
    private int constants;
    private int values;

    /** A constant of floats; returns its name. */
    String constant(float[] elements, int... shape) {
        ByteBuffer data = buffer(Type.FLOAT, elements.length);
        for (float element : elements) {
            data.putFloat(element);
        }
        return constant(Type.FLOAT, data, shape);
    }

    /** A constant of integers, or of halves as bits; returns its name. */
    String constant(Type type, int[] elements, int... shape) {
        ByteBuffer data = buffer(type, elements.length);
        for (int element : elements) {
            switch (type.bytes) {
                case 1 -> data.put((byte) element);
                case 2 -> data.putShort((short) element);
                default -> data.putInt(element);
            }
        }
        return constant(type, data, shape);
    }

    private static ByteBuffer buffer(Type type, int elements) {
        return ByteBuffer.allocate(type.bytes * elements).order(ByteOrder.LITTLE_ENDIAN);
    }

    private String constant(Type type, ByteBuffer data, int... shape) {
        String name = "constant_" + constants++;
        Protobuf tensor = new Protobuf();
        for (int size : shape) {
            tensor.integer(1, size);
        }
        graph.message(5, tensor.integer(2, type.number).text(8, name).bytes(9, data.array()));
        return name;
    }

    /** What an operator gives, by name. */
    String operator(String kind, List<String> inputs) {
        return operator(kind, inputs, Map.of());
    }

    /** What an activation gives, by name. */
    String activated(Activation activation, String values) {
        return switch (activation) {
            case LINEAR -> values;
            case RELU -> operator("Relu", List.of(values));
            case SIGMOID -> operator("Sigmoid", List.of(values));
            case TANH -> operator("Tanh", List.of(values));
        };
    }

    /** What an operator on windows gives, by name. */
    String windows(String kind, List<String> inputs, int kernel, int stride, int padding, int groups) {
        String output = "value_" + values++;
        Protobuf node = new Protobuf();
        inputs.forEach(input -> node.text(1, input));
        node.text(2, output).text(4, kind);
        node.message(5, list("kernel_shape", kernel, kernel));
        node.message(5, list("strides", stride, stride));
        node.message(5, list("pads", padding, padding, padding, padding));
        if (groups > 1) {
            node.message(5, new Protobuf().text(1, "group").integer(3, groups).integer(20, INTEGER));
        }
        graph.message(1, node);
        return output;
    }

    private static Protobuf list(String name, int... numbers) {
        Protobuf attribute = new Protobuf().text(1, name);
        for (int number : numbers) {
            attribute.integer(8, number);
        }
        return attribute.integer(20, INTEGERS);
    }

    /** The same with whole numbers for attributes. */
    String operator(String kind, List<String> inputs, Map<String, Integer> attributes) {
        String output = "value_" + values++;
        operator(kind, inputs, output, attributes);
        return output;
    }

    private void operator(String kind, List<String> inputs, String output, Map<String, Integer> attributes) {
        Protobuf node = new Protobuf();
        inputs.forEach(input -> node.text(1, input));
        node.text(2, output).text(4, kind);
        attributes.forEach((name, value) ->
                node.message(5, new Protobuf().text(1, name).integer(3, value).integer(20, INTEGER)));
        graph.message(1, node);
    }

    /** Numbers of another type as floats. */
    String asFloats(String input) {
        return operator("Cast", List.of(input), Map.of("to", Type.FLOAT.number));
    }

    /** Numbers of another type as the indices that operators take. */
    String asIndices(String input) {
        return operator("Cast", List.of(input), Map.of("to", Type.INT32.number));
    }

    /**
     * The model's bytes.
     *
     * @param inputs sizes of an example; the batch may be of any size
     * @param last name of what becomes the output
     */
    byte[] model(NetworkSpec spec, List<Integer> inputs, String last) {
        operator("Identity", List.of(last), "output", Map.of());
        graph.text(2, spec.toString())
                .message(11, value("input", inputs))
                .message(12, value("output", List.of(spec.outputs())));
        Protobuf model = new Protobuf()
                .integer(1, IR_VERSION)
                .text(2, "espalier")
                .message(7, graph)
                .message(8, new Protobuf().text(1, "").integer(2, OPERATORS));
        // For people.
        about(model, "loss", spec.loss().name().toLowerCase(Locale.ROOT));
        about(model, "network", spec.toString());
        return model.toBytes();
    }

    private static void about(Protobuf model, String key, String text) {
        model.message(14, new Protobuf().text(1, key).text(2, text));
    }

    private static Protobuf value(String name, List<Integer> sizes) {
        Protobuf shape = new Protobuf().message(1, new Protobuf().text(2, "batch"));
        sizes.forEach(size -> shape.message(1, new Protobuf().integer(1, size)));
        Protobuf tensor = new Protobuf().integer(1, Type.FLOAT.number).message(2, shape);
        return new Protobuf().text(1, name).message(2, new Protobuf().message(1, tensor));
    }
}
