package io.espalier.compress;

import io.espalier.backend.Tensor;
import io.espalier.network.Parameter;
import java.util.List;

/** |w|. Costs one pass over the weights, needs no data. */
record MagnitudeSaliency() implements Saliency {
    @Override
    public String name() {
        return "magnitude";
    }

    @Override
    public void score(Subject subject, List<Tensor> scores) {
        List<Parameter> weights = subject.network().prunable();
        for (int i = 0; i < weights.size(); i++) {
            subject.backend().magnitude(weights.get(i).value(), scores.get(i));
        }
    }
}
