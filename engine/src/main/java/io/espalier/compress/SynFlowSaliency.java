package io.espalier.compress;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.Tensor;
import io.espalier.network.DropoutPlan;
import io.espalier.network.Network;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameter;
import io.espalier.network.Parameters;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.network.Pass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * |w dR/dw| with R = 1'(|W_L| ... |W_1|)1: how much passes through the weight when ones go into a network of magnitudes without
 * activations and biases (SynFlow: Tanaka et al. 2020). Needs no data. What goes into a unit comes out of it, so that a layer's
 * scores add up to R in every layer; if cuts are many and small, the last weight of a layer is never the lowest, and no layer
 * is lost before all are.
 */
record SynFlowSaliency() implements Saliency {
    /** As the authors have it. */
    private static final int CUTS = 100;

    @Override
    public String name() {
        return "synflow";
    }

    @Override
    public int cutsBeforeTraining() {
        return CUTS;
    }

    @Override
    public void score(Subject subject, List<Tensor> scores) {
        Backend backend = subject.backend();
        NetworkSpec spec = subject.network().spec();
        NetworkSpec linear = spec.withActivations(Activation.LINEAR, Activation.LINEAR);
        Parameters start = subject.network().read(0);
        // Normalisations are left out: gain 1, and the averages of a channel that needs none.
        Parameters magnitudes = new Parameters(
                start.layers().stream().map(SynFlowSaliency::magnitudes).toList(),
                Parameters.zeros(spec).norms());
        try (Network flow = new Network(
                        backend, linear, List.of(magnitudes), subject.network().representation());
                Pass pass = flow.pass(1)) {
            ones(backend, pass.inputs());
            flow.forward(pass, DropoutPlan.NONE);
            ones(backend, pass.outputGradient());
            flow.backward(pass, DropoutPlan.NONE);
            List<double[]> gradients = new ArrayList<>();
            for (Parameter weight : flow.prunable()) {
                gradients.add(backend.doubles(weight.gradient(), 0));
            }
            Subject flowing = new Subject(backend, flow, subject.training(), subject.seed(), subject.step());
            new WeightMeans(gradients).with(flowing, (w, g) -> w * g).writeTo(subject, scores);
        }
    }

    /**
     * Magnitudes over a power of two that leaves no row a sum above one, so that float32 can hold the flow through wide and deep
     * networks. A layer's scale multiplies the scores of all layers alike: their order stays.
     */
    private static LayerParameters magnitudes(LayerParameters layer) {
        float[] scaled = new float[layer.weight().length];
        double largest = 0;
        for (int row = 0; row < layer.outputs(); row++) {
            double sum = 0;
            for (int i = row * layer.inputs(); i < (row + 1) * layer.inputs(); i++) {
                sum += Math.abs(layer.weight()[i]);
            }
            largest = Math.max(largest, sum);
        }
        int scale = largest == 0 ? 0 : -Math.getExponent(largest) - 1;
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = Math.scalb(Math.abs(layer.weight()[i]), scale);
        }
        return layer.withValues(scaled, new float[layer.bias().length]);
    }

    private static void ones(Backend backend, Tensor tensor) {
        float[] ones = new float[tensor.shape().perMember()];
        Arrays.fill(ones, 1);
        backend.write(tensor, 0, ones);
    }
}
