package io.espalier.experiments.export;

import io.espalier.backend.Activation;
import io.espalier.coding.Binary16;
import io.espalier.network.LowRankWeights;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.network.StoreSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A network as ONNX: input (batch, inputs), pixels in [0, 1]; output (batch, outputs) as the network gives them, so logits where its
 * loss is softmax cross-entropy. Hidden units that pruning left without effect are not in it. Weights keep what their storage
 * saves where ONNX can say it: half precision, whole multiples of a step, codebooks, two factors; a hashed layer has a weight for every
 * connection, as ONNX hashes nothing, and a pruned one zeros.
 */
public final class OnnxModel {
    private static final Map<String, Integer> TRANSPOSED = Map.of("transB", 1);

    private final NetworkSpec spec;
    private final Parameters parameters;
    private final LiveUnits live;
    private final OnnxGraph graph = new OnnxGraph();

    private OnnxModel(NetworkSpec spec, Parameters parameters) {
        this.spec = spec;
        this.parameters = parameters;
        this.live = LiveUnits.of(spec, parameters);
    }

    /** The bytes of a model file. */
    public static byte[] bytes(NetworkSpec spec, Parameters parameters) {
        return new OnnxModel(spec, parameters).bytes();
    }

    private byte[] bytes() {
        String values = "input";
        for (int l = 0; l < spec.layers(); l++) {
            values = activated(spec.activation(l), linear(l, parameters.layers().get(l), values));
        }
        return graph.model(
                spec.toString(),
                List.of(spec.inputs()),
                values,
                List.of(spec.outputs()),
                new TreeMap<>(Map.of(
                        "network", spec.toString(), "loss", spec.loss().name().toLowerCase(java.util.Locale.ROOT))));
    }

    private String activated(Activation activation, String values) {
        return switch (activation) {
            case LINEAR -> values;
            case RELU -> graph.operator("Relu", List.of(values));
            case SIGMOID -> graph.operator("Sigmoid", List.of(values));
            case TANH -> graph.operator("Tanh", List.of(values));
        };
    }

    /** W x + b; the one place that knows how each storage is said in ONNX. */
    private String linear(int l, LayerParameters layer, String values) {
        int[] units = live.units().get(l + 1);
        String bias = graph.constant(picked(live.biases().get(l), units), units.length);
        if (layer.store() instanceof StoreSpec.LowRank product) {
            float[] fixed = LowRankWeights.fixedFactor(product, l, layer.inputs());
            String few = graph.operator(
                    "Gemm", List.of(values, graph.constant(fixed, product.rank(), layer.inputs())), TRANSPOSED);
            return graph.operator(
                    "Gemm", List.of(few, graph.constant(layer.weight(), product.rank(), layer.outputs()), bias));
        }
        int[] places = live.places(l, layer.inputs());
        int[] shape = {units.length, live.units().get(l).length};
        return graph.operator("Gemm", List.of(values, weights(l, layer, places, shape), bias), TRANSPOSED);
    }

    private String weights(int l, LayerParameters layer, int[] places, int[] shape) {
        if (layer.store() instanceof StoreSpec.Codebook codebook) {
            return looked(layer, codebook, places, shape);
        } else if (layer.store() instanceof StoreSpec.Linear linear) {
            OnnxGraph.Type type = linear.bits() <= 8 ? OnnxGraph.Type.INT8 : OnnxGraph.Type.INT16;
            int[] multiples = Arrays.stream(places)
                    .map(place -> linear.multiple(layer.weight()[place]))
                    .toArray();
            return graph.operator(
                    "DequantizeLinear",
                    List.of(graph.constant(type, multiples, shape), graph.constant(new float[] {linear.step()})));
        } else if (layer.store() instanceof StoreSpec.Half) {
            int[] halves = Arrays.stream(places)
                    .map(place -> Binary16.of(layer.weight()[place]))
                    .toArray();
            return graph.asFloats(graph.constant(OnnxGraph.Type.FLOAT16, halves, shape));
        }
        return graph.constant(picked(VirtualWeights.of(l, layer).weights(), places), shape);
    }

    /** Entries of a codebook, which gets a zero behind it for connections that are pruned. */
    private String looked(LayerParameters layer, StoreSpec.Codebook codebook, int[] places, int[] shape) {
        int[] taken = new int[layer.outputs() * layer.inputs()];
        int next = 0;
        for (int i = 0; i < taken.length; i++) {
            taken[i] = codebook.assignment().alive()[i] == 1
                    ? codebook.assignment().entries()[next++]
                    : codebook.entries();
        }
        int[] codes = Arrays.stream(places).map(place -> taken[place]).toArray();
        OnnxGraph.Type type = codebook.entries() < 256 ? OnnxGraph.Type.UINT8 : OnnxGraph.Type.UINT16;
        float[] table = Arrays.copyOf(layer.weight(), codebook.entries() + 1);
        return graph.operator(
                "Gather",
                List.of(graph.constant(table, table.length), graph.asIndices(graph.constant(type, codes, shape))));
    }

    private static float[] picked(float[] from, int[] places) {
        float[] picked = new float[places.length];
        for (int i = 0; i < places.length; i++) {
            picked[i] = from[places[i]];
        }
        return picked;
    }
}
