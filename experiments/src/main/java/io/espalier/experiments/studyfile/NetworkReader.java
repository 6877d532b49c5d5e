package io.espalier.experiments.studyfile;

import io.espalier.backend.Activation;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.NamedNetwork;
import io.espalier.network.NetworkSpec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads a network: one of the literature by its name, or a perceptron by its sizes and functions. */
final class NetworkReader {
    private static final Map<String, Activation> ACTIVATIONS =
            Map.of("relu", Activation.RELU, "sigmoid", Activation.SIGMOID, "tanh", Activation.TANH);
    private static final Map<String, Activation> OUTPUTS =
            Map.of("linear", Activation.LINEAR, "sigmoid", Activation.SIGMOID);
    private static final Map<String, Loss> LOSSES = Map.of("softmax", Loss.SOFTMAX, "mse", Loss.MSE);
    private static final Map<String, Initialization> INITIALIZATIONS = Map.of(
            "he",
            Initialization.HE,
            "glorot",
            Initialization.GLOROT,
            "lecun",
            Initialization.LECUN,
            "uniform-fan-in",
            Initialization.UNIFORM_FAN_IN);
    private static final Map<String, NamedNetwork> NETWORKS = Arrays.stream(NamedNetwork.values())
            .collect(Collectors.toMap(NamedNetwork::key, Function.identity(), (a, b) -> a, LinkedHashMap::new));

    private NetworkReader() {}

    static NetworkSpec read(YamlValue value) {
        if (!value.isMap()) {
            return value.build(() -> NamedNetwork.find(value.text()))
                    .orElseGet(() -> value.choice(NETWORKS).spec());
        }
        YamlMap map = value.map().allow("mlp", "activation", "output", "loss", "init");
        YamlValue mlp = map.required("mlp");
        List<Integer> sizes = mlp.list().stream().map(YamlValue::integer).toList();
        Activation activation =
                map.optional("activation").map(item -> item.choice(ACTIVATIONS)).orElse(Activation.RELU);
        Activation output =
                map.optional("output").map(item -> item.choice(OUTPUTS)).orElse(Activation.LINEAR);
        Loss loss = map.optional("loss").map(item -> item.choice(LOSSES)).orElse(Loss.SOFTMAX);
        Initialization usual = activation == Activation.RELU ? Initialization.HE : Initialization.GLOROT;
        Initialization init =
                map.optional("init").map(item -> item.choice(INITIALIZATIONS)).orElse(usual);
        return mlp.build(() -> new NetworkSpec(sizes, activation, output, loss, init));
    }
}
