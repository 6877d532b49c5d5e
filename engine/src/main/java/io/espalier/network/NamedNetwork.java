package io.espalier.network;

import io.espalier.backend.Activation;
import java.util.List;

/** Networks of the literature that a study may name. */
public enum NamedNetwork {
    LENET_300_100("lenet-300-100", "784-300-100-10, relu, softmax (LeCun et al. 1998)", List.of(784, 300, 100, 10));

    private final String key;
    private final String description;
    private final List<Integer> sizes;

    NamedNetwork(String key, String description, List<Integer> sizes) {
        this.key = key;
        this.description = description;
        this.sizes = sizes;
    }

    public String key() {
        return key;
    }

    public String description() {
        return description;
    }

    public NetworkSpec spec() {
        return new NetworkSpec(sizes, Activation.RELU, Activation.LINEAR, Loss.SOFTMAX, Initialization.HE);
    }
}
