package io.espalier.compress;

import io.espalier.backend.Tensor;
import io.espalier.network.Curvature;
import java.util.List;

/**
 * h w^2 / 2 with every term of the recursion for h (LeCun, Denker and Solla 1990, eq. 7 and 8). Signed: a weight at which the
 * loss curves downwards goes before one at which it is flat. See {@link Curvature#EXACT} for what the recursion neglects.
 */
record ObdExactSaliency() implements Saliency {
    @Override
    public String name() {
        return "obd-exact";
    }

    @Override
    public void score(Subject subject, List<Tensor> scores) {
        WeightMeans.ofCurvature(subject, Curvature.EXACT)
                .with(subject, (w, h) -> h * w * w / 2)
                .writeTo(subject, scores);
    }
}
