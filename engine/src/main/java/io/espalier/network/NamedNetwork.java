package io.espalier.network;

import io.espalier.backend.Activation;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Networks of the literature that a study may name; some are families, with numbers in their names. */
public enum NamedNetwork {
    LENET_300_100(
            "lenet-300-100",
            "784-300-100-10, relu, softmax (LeCun et al. 1998)",
            "lenet-300-100",
            numbers -> Architecture.perceptron(List.of(784, 300, 100, 10))),
    LENET_5(
            "lenet-5",
            "20 and 50 maps of 5 x 5 windows, each pooled by 2, 500 units; 431,080 parameters (LeCun et al. 1998, Caffe's sizes)",
            "lenet-5",
            numbers -> LeNet5.architecture()),
    SMALL_CNN(
            "small-cnn",
            "32 and 64 maps of 5 x 5 windows, each pooled by 2, and 10 units: few parameters for 28 x 28 pixels",
            "small-cnn",
            numbers -> LeNet5.small()),
    WIDE_RESNET(
            "wrn-40-2",
            "wrn-<depth>-<width>: wide residual network for CIFAR-10 (Zagoruyko and Komodakis 2016), depth 6 n + 4",
            "wrn-(\\d{1,3})-(\\d{1,2})",
            numbers -> WideResNet.architecture(number(numbers, 1), number(numbers, 2))),
    DENSENET_BC(
            "densenet-bc-100-12",
            "densenet-bc-<depth>-<growth>: dense network with bottlenecks for CIFAR-10 (Huang et al. 2017), depth 6 n + 4",
            "densenet-bc-(\\d{1,3})-(\\d{1,2})",
            numbers -> DenseNet.architecture(number(numbers, 1), number(numbers, 2)));

    private static final int LEAST_DEPTH = 10;

    /** What a block more in each of three groups adds. */
    private static final int BLOCK_DEPTH = 6;

    private final String key;
    private final String description;
    private final Pattern pattern;
    private final Function<MatchResult, Architecture> architecture;

    NamedNetwork(String key, String description, String pattern, Function<MatchResult, Architecture> architecture) {
        this.key = key;
        this.description = description;
        this.pattern = Pattern.compile(pattern);
        this.architecture = architecture;
    }

    private static int number(MatchResult numbers, int group) {
        return Integer.parseInt(numbers.group(group));
    }

    /** Its name, of a family that of one member. */
    public String key() {
        return key;
    }

    public String description() {
        return description;
    }

    /**
     * The network of a name; empty if there is none.
     *
     * @throws IllegalArgumentException if the numbers in the name of a family's member are none that it has
     */
    public static Optional<NetworkSpec> find(String name) {
        for (NamedNetwork network : values()) {
            Matcher matcher = network.pattern.matcher(name);
            if (matcher.matches()) {
                return Optional.of(spec(network.architecture.apply(matcher)));
            }
        }
        return Optional.empty();
    }

    /** The member of a network's family that is one block a group less deep, as wide; empty if there is none. */
    public static Optional<NetworkSpec> shallower(NetworkSpec network) {
        String name = network.architecture().topology().name();
        boolean nominal =
                network.sizes().equals(network.architecture().topology().sizes());
        for (NamedNetwork family : List.of(WIDE_RESNET, DENSENET_BC)) {
            Matcher matcher = family.pattern.matcher(name);
            if (nominal && matcher.matches() && number(matcher, 1) > LEAST_DEPTH) {
                int depth = number(matcher, 1) - BLOCK_DEPTH;
                String other = name.substring(0, matcher.start(1)) + depth + name.substring(matcher.end(1));
                return find(other).map(spec -> spec.like(network));
            }
        }
        return Optional.empty();
    }

    /** The network of its {@link #key}. */
    public NetworkSpec spec() {
        return find(key).orElseThrow();
    }

    private static NetworkSpec spec(Architecture architecture) {
        return new NetworkSpec(architecture, Activation.RELU, Activation.LINEAR, Loss.SOFTMAX, Initialization.HE);
    }
}
