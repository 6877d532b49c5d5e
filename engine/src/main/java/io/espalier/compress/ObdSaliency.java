package io.espalier.compress;

import io.espalier.backend.Tensor;
import io.espalier.network.Curvature;
import java.util.List;

/**
 * h w^2 / 2: how much the mean loss grows when the weight goes, to second order, at a minimum, and if the Hessian were diagonal
 * (LeCun, Denker and Solla 1990, eq. 3). h in the Levenberg-Marquardt form, mean over the training examples; never negative.
 * Costs a forward pass and two products with squared operands.
 */
record ObdSaliency() implements Saliency {
    @Override
    public String name() {
        return "obd";
    }

    @Override
    public void score(Subject subject, List<Tensor> scores) {
        WeightMeans.ofCurvature(subject, Curvature.LEVENBERG_MARQUARDT)
                .with(subject, (w, h) -> h * w * w / 2)
                .writeTo(subject, scores);
    }
}
