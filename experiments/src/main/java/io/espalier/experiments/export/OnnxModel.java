package io.espalier.experiments.export;

import io.espalier.network.LowRankWeights;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.network.StoreSpec;
import java.util.List;
import java.util.Map;

/**
 * A network as ONNX: input (batch, inputs), pixels in [0, 1]; output (batch, outputs) as the network gives them, so logits where its
 * loss is softmax cross-entropy. Hidden units that pruning left without effect are not in it. Weights keep what their storage
 * saves where ONNX can say it: half precision, whole multiples of a step, codebooks, two factors; a hashed layer has a weight for every
 * connection, as ONNX hashes nothing, and a pruned one zeros.
 */
public final class OnnxModel {
    static final Map<String, Integer> TRANSPOSED = Map.of("transB", 1);

    private final NetworkSpec spec;
    private final Parameters parameters;
    private final LiveUnits live;
    private final OnnxGraph graph = new OnnxGraph();
    private final OnnxWeights weights = new OnnxWeights(graph);

    private OnnxModel(NetworkSpec spec, Parameters parameters) {
        this.spec = spec;
        this.parameters = parameters;
        this.live = LiveUnits.of(spec, parameters);
    }

    /** The bytes of a model file. */
    public static byte[] bytes(NetworkSpec spec, Parameters parameters) {
        return spec.architecture().topology().isPerceptron()
                ? new OnnxModel(spec, parameters).bytes()
                : new OnnxSteps(spec, parameters).bytes();
    }

    private byte[] bytes() {
        String values = "input";
        for (int l = 0; l < spec.layers(); l++) {
            values = graph.activated(
                    spec.activation(l), linear(l, parameters.layers().get(l), values));
        }
        return graph.model(spec, List.of(spec.inputs()), values);
    }

    /** W x + b. */
    private String linear(int l, LayerParameters layer, String values) {
        int[] units = live.units().get(l + 1);
        String bias = graph.constant(OnnxWeights.picked(live.biases().get(l), units), units.length);
        if (layer.store() instanceof StoreSpec.LowRank product) {
            float[] fixed = LowRankWeights.fixedFactor(product, l, layer.inputs());
            String few = graph.operator(
                    "Gemm", List.of(values, graph.constant(fixed, product.rank(), layer.inputs())), TRANSPOSED);
            return graph.operator(
                    "Gemm", List.of(few, graph.constant(layer.weight(), product.rank(), layer.outputs()), bias));
        }
        int[] places = live.places(l, layer.inputs());
        int[] shape = {units.length, live.units().get(l).length};
        return graph.operator("Gemm", List.of(values, weights.of(l, layer, places, shape), bias), TRANSPOSED);
    }
}
