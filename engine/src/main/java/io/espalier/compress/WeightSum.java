package io.espalier.compress;

import io.espalier.network.Parameters.LayerParameters;
import java.util.ArrayList;
import java.util.List;

/**
 * The sum of the absolute weights to the unit, its bias left out (Li et al. 2017). Needs no data.
 *
 * @param signed the sum of the weights themselves: what the published code of Crowley et al. (2018) computes under the name of L1, kept
 *     so that their baseline can be had
 */
record WeightSum(boolean signed) implements UnitSaliency {
    @Override
    public String name() {
        return signed ? "signed-sum" : "l1-norm";
    }

    @Override
    public List<double[]> scores(Saliency.Subject subject) {
        List<double[]> scores = new ArrayList<>();
        List<LayerParameters> layers = subject.network().read(0).layers();
        for (LayerParameters layer : layers.subList(0, layers.size() - 1)) {
            double[] sums = new double[layer.outputs()];
            for (int i = 0; i < layer.weight().length; i++) {
                double weight = layer.weight()[i];
                sums[i / layer.inputs()] += signed ? weight : Math.abs(weight);
            }
            scores.add(sums);
        }
        return scores;
    }
}
