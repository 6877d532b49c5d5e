package io.espalier.compress;

import io.espalier.backend.Tensor;
import io.espalier.random.Stream;
import java.util.List;

/** A uniform number that depends on seed and step only: the control that every criterion must beat. */
final class RandomSaliency implements Saliency {
    @Override
    public void score(Subject subject, List<Tensor> scores) {
        for (int i = 0; i < scores.size(); i++) {
            subject.backend().uniform(subject.keys(), subject.step(), Stream.RANDOM_SALIENCY.at(i), scores.get(i));
        }
    }
}
