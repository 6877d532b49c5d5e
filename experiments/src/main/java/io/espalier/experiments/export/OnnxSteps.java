package io.espalier.experiments.export;

import io.espalier.network.Features;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.network.Parameters.NormParameters;
import io.espalier.network.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A network that is more than fully connected layers as ONNX, step by step: input (batch, channels, height, width), prepared as its study
 * prepares it. Channels that are gone are not in it; pruned weights are zeros. A product of low rank is multiplied out.
 */
final class OnnxSteps {
    private final NetworkSpec spec;
    private final Parameters parameters;
    private final OnnxGraph graph = new OnnxGraph();
    private final OnnxWeights weights = new OnnxWeights(graph);
    private final List<String> values = new ArrayList<>(List.of("input"));
    private int map;
    private int norm;

    OnnxSteps(NetworkSpec spec, Parameters parameters) {
        this.spec = spec;
        this.parameters = parameters;
    }

    byte[] bytes() {
        for (Step step : spec.architecture().topology().steps()) {
            values.add(made(step));
        }
        Features input = spec.input();
        return graph.model(
                spec, List.of(input.channels(), input.height(), input.width()), values.get(values.size() - 1));
    }

    private String made(Step step) {
        String from = values.get(step.reads().get(0));
        if (step instanceof Step.FullyConnected) {
            String flat = graph.operator("Flatten", List.of(from));
            return activated(graph.operator("Gemm", operands(flat), OnnxModel.TRANSPOSED));
        } else if (step instanceof Step.Convolution convolution) {
            return activated(graph.windows(
                    "Conv",
                    operands(from),
                    convolution.kernel(),
                    convolution.stride(),
                    convolution.padding(),
                    convolution.groups()));
        } else if (step instanceof Step.Normalisation) {
            return normalised(from, parameters.norms().get(norm++));
        } else if (step instanceof Step.Pool pool) {
            String kind = pool.kind() == Step.Pool.Kind.MAX ? "MaxPool" : "AveragePool";
            return graph.windows(kind, List.of(from), pool.kernel(), pool.stride(), 0, 1);
        } else if (step instanceof Step.GlobalAverage) {
            return graph.operator("GlobalAveragePool", List.of(from));
        }
        List<String> both = List.of(from, values.get(step.reads().get(1)));
        return step instanceof Step.Sum
                ? graph.operator("Add", both)
                : graph.operator("Concat", both, java.util.Map.of("axis", 1));
    }

    /** What a linear map multiplies, its weights, and its biases if it has any. */
    private List<String> operands(String from) {
        LayerParameters layer = parameters.layers().get(map);
        int[] shape = Arrays.stream(spec.weightShape(map)).mapToInt(i -> i).toArray();
        int[] all = IntStream.range(0, layer.outputs() * layer.inputs()).toArray();
        List<String> operands = new ArrayList<>(List.of(from, weights.of(map, layer, all, shape)));
        if (spec.biases(map) > 0) {
            float[] biases = VirtualWeights.of(map, layer).biases();
            operands.add(graph.constant(biases, biases.length));
        }
        return operands;
    }

    private String activated(String product) {
        return graph.activated(spec.activation(map++), product);
    }

    /** ONNX adds 1e-5 to variances, and so does the network. */
    private String normalised(String from, NormParameters norm) {
        int channels = norm.gain().length;
        String output = graph.operator(
                "BatchNormalization",
                List.of(
                        from,
                        graph.constant(norm.gain(), channels),
                        graph.constant(norm.shift(), channels),
                        graph.constant(norm.mean(), channels),
                        graph.constant(norm.variance(), channels)));
        return graph.activated(spec.activation(), output);
    }
}
