package io.espalier.compress;

import io.espalier.network.Parameters.LayerParameters;
import java.util.ArrayList;
import java.util.List;

/** The Euclidean norm of the weights to the unit, its bias left out: what magnitude is to a weight. Needs no data. */
record WeightNorm() implements UnitSaliency {
    @Override
    public String name() {
        return "weight-norm";
    }

    @Override
    public List<double[]> scores(Saliency.Subject subject) {
        List<double[]> scores = new ArrayList<>();
        List<LayerParameters> layers = subject.network().read(0).layers();
        for (LayerParameters layer : layers.subList(0, layers.size() - 1)) {
            double[] norms = new double[layer.outputs()];
            for (int i = 0; i < layer.weight().length; i++) {
                double weight = layer.weight()[i];
                norms[i / layer.inputs()] += weight * weight;
            }
            java.util.Arrays.setAll(norms, unit -> Math.sqrt(norms[unit]));
            scores.add(norms);
        }
        return scores;
    }
}
