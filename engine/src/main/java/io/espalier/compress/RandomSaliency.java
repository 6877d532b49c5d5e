package io.espalier.compress;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.network.Parameter;
import io.espalier.random.Stream;
import java.util.List;

/**
 * A uniform number that depends on seed, step and the weight's place in its matrix only: the control that every criterion must
 * beat.
 */
final class RandomSaliency implements Saliency {
    @Override
    public void score(Subject subject, List<Tensor> scores) {
        List<Parameter> weights = subject.network().prunable();
        for (int i = 0; i < scores.size(); i++) {
            Parameter weight = weights.get(i);
            int stream = Stream.RANDOM_SALIENCY.at(i);
            if (weight.pattern() != null) {
                draw(subject, stream, weight.pattern().positions(), scores.get(i));
            } else {
                try (Tensor positions =
                        rowMajor(subject.backend(), scores.get(i).shape())) {
                    draw(subject, stream, positions, scores.get(i));
                }
            }
        }
    }

    private static void draw(Subject subject, int stream, Tensor positions, Tensor scores) {
        subject.backend().uniform(subject.keys(), subject.step(), stream, positions, scores);
    }

    private static Tensor rowMajor(Backend backend, Shape shape) {
        int[] numbers = new int[shape.perMember()];
        java.util.Arrays.setAll(numbers, i -> i);
        Tensor positions = backend.zeros(ElementType.I32, shape);
        for (int r = 0; r < shape.members(); r++) {
            backend.write(positions, r, numbers);
        }
        return positions;
    }
}
