package io.espalier.compress;

import io.espalier.backend.Tensor;
import io.espalier.network.Curvature;
import java.util.List;

/**
 * w^2 |h| with every term of the recursion for h, as the code of Baktash, Natale and Viennot (2019) computes it. The absolute
 * value is of the mean over the training examples, not the mean of absolute values.
 */
record ObdAbsSaliency() implements Saliency {
    @Override
    public String name() {
        return "obd-abs";
    }

    @Override
    public void score(Subject subject, List<Tensor> scores) {
        WeightMeans.ofCurvature(subject, Curvature.EXACT)
                .with(subject, (w, h) -> w * w * Math.abs(h))
                .writeTo(subject, scores);
    }
}
