package io.espalier.compress;

import io.espalier.backend.Tensor;
import io.espalier.network.Curvature;
import java.util.List;

/**
 * w^2 mean(g^2) / 2, g the gradients of the single training examples' losses: the empirical Fisher information in the place of
 * the curvature.
 */
record FisherSaliency() implements Saliency {
    @Override
    public String name() {
        return "fisher";
    }

    @Override
    public void score(Subject subject, List<Tensor> scores) {
        WeightMeans.ofCurvature(subject, Curvature.EMPIRICAL_FISHER)
                .with(subject, (w, squares) -> w * w * squares / 2)
                .writeTo(subject, scores);
    }
}
