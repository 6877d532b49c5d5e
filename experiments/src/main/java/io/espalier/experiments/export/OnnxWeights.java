package io.espalier.experiments.export;

import io.espalier.coding.Binary16;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.network.StoreSpec;
import java.util.Arrays;
import java.util.List;

/** The weights of a layer in an ONNX graph: the one place that knows how each storage is said there. */
record OnnxWeights(OnnxGraph graph) {
    /** A layer's weights at these places of its matrix, in a shape; returns their name. */
    String of(int l, LayerParameters layer, int[] places, int[] shape) {
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

    static float[] picked(float[] from, int[] places) {
        float[] picked = new float[places.length];
        for (int i = 0; i < places.length; i++) {
            picked[i] = from[places[i]];
        }
        return picked;
    }
}
