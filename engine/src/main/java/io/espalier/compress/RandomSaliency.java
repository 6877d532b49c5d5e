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
record RandomSaliency() implements Saliency {
    @Override
    public String name() {
        return "random";
    }

    @Override
    public void score(Subject subject, List<Tensor> scores) {
        Backend backend = subject.backend();
        List<Parameter> weights = subject.network().prunable();
        try (Tensor keys = backend.zeros(ElementType.I32, new Shape(1, 1, 2));
                Tensor step = backend.zeros(ElementType.I32, Shape.scalars(1))) {
            backend.write(
                    keys, 0, new int[] {subject.seed().low(), subject.seed().high()});
            backend.write(step, 0, new int[] {subject.step()});
            for (int i = 0; i < scores.size(); i++) {
                Parameter weight = weights.get(i);
                int stream = Stream.RANDOM_SALIENCY.at(i);
                if (weight.pattern() != null) {
                    backend.uniform(keys, step, stream, weight.pattern().positions(), scores.get(i));
                } else {
                    try (Tensor positions = rowMajor(backend, scores.get(i).shape())) {
                        backend.uniform(keys, step, stream, positions, scores.get(i));
                    }
                }
            }
        }
    }

    private static Tensor rowMajor(Backend backend, Shape shape) {
        int[] numbers = new int[shape.perMember()];
        java.util.Arrays.setAll(numbers, i -> i);
        Tensor positions = backend.zeros(ElementType.I32, shape);
        backend.write(positions, 0, numbers);
        return positions;
    }
}
