package io.espalier.compress;

import io.espalier.backend.Tensor;
import java.util.List;

/**
 * |w mean(g)|, g the gradients of the training examples' losses: how much the mean loss changes to first order when the weight
 * goes. Of little use at a minimum, where mean(g) is zero.
 */
record TaylorSaliency() implements Saliency {
    @Override
    public String name() {
        return "taylor";
    }

    @Override
    public void score(Subject subject, List<Tensor> scores) {
        WeightMeans.ofGradient(subject).with(subject, (w, g) -> Math.abs(w * g)).writeTo(subject, scores);
    }
}
