package io.espalier.bench;

import io.espalier.backend.Activation;
import io.espalier.compress.HashedStorage;
import io.espalier.data.Dataset;
import io.espalier.data.Examples;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.NamedNetwork;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.network.SafeTensors;
import io.espalier.network.Storage;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * What every contestant of a training benchmark does: a network on random examples, in batches that are chosen from all of
 * them, with momentum. Before that each is asked the losses of one batch before and after one update, from weights and examples
 * by plain formulas, so that answers can be compared.
 *
 * @param name of the network: one of {@link NamedNetwork}'s, or sizes such as 784-300-100-10
 * @param batch examples a step
 */
public record TrainingProblem(String name, NetworkSpec network, int batch, Load load) {
    /** Fully connected, 128 examples a step. */
    public static final TrainingProblem LENET_300_100 =
            TrainingProblem.of(NamedNetwork.LENET_300_100.key(), 128, Load.DENSE);

    /** Of the data set, as many as MNIST has. */
    public static final int EXAMPLES = 60_000;

    /** Of the one update whose effect is compared; it has no momentum. */
    public static final float RATE = 0.05f;

    /** Of the steps that are timed. */
    public static final float MOMENTUM = 0.9f;

    /**
     * A network by its name.
     *
     * @throws IllegalArgumentException if the name is none
     */
    public static TrainingProblem of(String name, int batch, Load load) {
        NetworkSpec network = NamedNetwork.find(name).orElseGet(() -> perceptron(name));
        return new TrainingProblem(name, network, batch, load);
    }

    private static NetworkSpec perceptron(String name) {
        if (!name.matches("[1-9]\\d{0,4}(-[1-9]\\d{0,4})+")) {
            throw new IllegalArgumentException(
                    "A network is a name such as lenet-5 or sizes such as 784-300-100-10, not `" + name + "`");
        }
        List<Integer> sizes =
                Arrays.stream(name.split("-")).map(Integer::valueOf).toList();
        return new NetworkSpec(sizes, Activation.RELU, Activation.LINEAR, Loss.SOFTMAX, Initialization.HE);
    }

    /** How the weights are stored. */
    public Storage storage() {
        return load instanceof Load.Hashed hashed
                ? HashedStorage.of(network, network.prunable() / hashed.compression())
                : Storage.DENSE;
    }

    /** Weights that are left of all layers together. */
    public int alive() {
        return load instanceof Load.Masked masked
                ? (int) Math.rint(network.prunable() * (1 - masked.sparsity()))
                : network.prunable();
    }

    /**
     * Those of a layer's weights that are left, as many as its size has of all: 1 alive, 0 removed. Of stored numbers all are.
     */
    public byte[] mask(int layer) {
        int count = weights(layer).length;
        int alive = (int) Math.rint((double) count * alive() / network.prunable());
        return Operands.mask(new PhiloxSequence(new Seed(layer), 1), count, alive);
    }

    /**
     * The numbers that answers are asked of, not masked: (outputs, inputs) row-major, or the buckets; biases are zero.
     */
    public float[] weights(int layer) {
        int inputs = network.inputs(layer);
        float[] weights = new float[storage().layer(layer).weights(network.outputs(layer), inputs)];
        double scale = Math.sqrt(2.0 / inputs);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) (scale * Math.sqrt(2) * Math.sin(1.0 + i * 0.7311 + layer));
        }
        return weights;
    }

    /** Feature f of example b. */
    public static float input(int b, int f) {
        return (b * 31 + f * 17) % 256 / 255f;
    }

    /** Class of example b. */
    public int label(int b) {
        return b * 7 % network.outputs();
    }

    Parameters parameters() {
        List<LayerParameters> layers = new ArrayList<>();
        for (int l = 0; l < network.layers(); l++) {
            float[] biases = new float[network.outputs(l)];
            layers.add(new LayerParameters(
                            network.outputs(l), network.inputs(l), storage().layer(l), weights(l), mask(l), biases)
                    .withValues(weights(l), biases));
        }
        return new Parameters(layers);
    }

    /** Weights and batch for contestants that are other programs: layers.i.weight, inputs (B, features), labels (B). */
    byte[] file() {
        List<SafeTensors.Entry> entries = new ArrayList<>();
        for (int l = 0; l < network.layers(); l++) {
            entries.add(
                    SafeTensors.Entry.of("layers." + l + ".weight", weights(l), network.outputs(l), network.inputs(l)));
        }
        float[] inputs = new float[batch * network.inputs()];
        float[] labels = new float[batch];
        for (int b = 0; b < batch; b++) {
            labels[b] = label(b);
            for (int f = 0; f < network.inputs(); f++) {
                inputs[b * network.inputs() + f] = input(b, f);
            }
        }
        entries.add(SafeTensors.Entry.of("inputs", inputs, batch, network.inputs()));
        entries.add(SafeTensors.Entry.of("labels", labels, batch));
        return new SafeTensors(new TreeMap<>(), entries).toBytes();
    }

    Dataset dataset() {
        PhiloxSequence random = new PhiloxSequence(new Seed(1), 1);
        byte[] pixels = new byte[EXAMPLES * network.inputs()];
        int[] labels = new int[EXAMPLES];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) random.nextInt();
        }
        Arrays.setAll(labels, i -> random.nextInt(network.outputs()));
        Examples examples = new Examples("bench", network.inputs(), pixels, labels, "");
        return new Dataset("bench", examples, examples);
    }
}
