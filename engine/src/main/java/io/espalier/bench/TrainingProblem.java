package io.espalier.bench;

import io.espalier.data.Dataset;
import io.espalier.data.Examples;
import io.espalier.network.NamedNetwork;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.network.SafeTensors;
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
 */
public record TrainingProblem(NetworkSpec network) {
    /** Fully connected. */
    public static final TrainingProblem LENET_300_100 = new TrainingProblem(NamedNetwork.LENET_300_100.spec());

    /** Convolutional. */
    public static final TrainingProblem LENET_5 = new TrainingProblem(NamedNetwork.LENET_5.spec());

    /** Examples a step. */
    public static final int BATCH = 128;

    /** Of the data set, as many as MNIST has. */
    public static final int EXAMPLES = 60_000;

    /** Of the one update whose effect is compared; it has no momentum. */
    public static final float RATE = 0.05f;

    /** Of the steps that are timed. */
    public static final float MOMENTUM = 0.9f;

    /** (outputs, inputs) row-major: the weights that losses are asked of; biases are zero. */
    public float[] weights(int layer) {
        int inputs = network.inputs(layer);
        float[] weights = new float[inputs * network.outputs(layer)];
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
            float[] weights = weights(l);
            byte[] mask = new byte[weights.length];
            Arrays.fill(mask, (byte) 1);
            layers.add(new LayerParameters(
                    network.outputs(l), network.inputs(l), weights, mask, new float[network.outputs(l)]));
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
        float[] inputs = new float[BATCH * network.inputs()];
        float[] labels = new float[BATCH];
        for (int b = 0; b < BATCH; b++) {
            labels[b] = label(b);
            for (int f = 0; f < network.inputs(); f++) {
                inputs[b * network.inputs() + f] = input(b, f);
            }
        }
        entries.add(SafeTensors.Entry.of("inputs", inputs, BATCH, network.inputs()));
        entries.add(SafeTensors.Entry.of("labels", labels, BATCH));
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
