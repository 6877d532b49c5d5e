package io.espalier.train;

import io.espalier.network.Loss;
import io.espalier.network.NetworkSpec;

/**
 * How a member learns from the trial that it has for a teacher, beside the labels (dark knowledge: Hinton, Vinyals and Dean
 * 2015; see {@link io.espalier.backend.Backend#distill}).
 *
 * @param temperature T, above 0
 * @param weight of the teacher, 0 to 1; the labels have the rest
 */
public record Distillation(double temperature, double weight) {
    public Distillation {
        if (!(temperature > 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException("The temperature of a teacher is above 0, got " + temperature);
        }
        if (!(weight > 0 && weight <= 1)) {
            throw new IllegalArgumentException("The weight of a teacher is above 0 and at most 1, got " + weight);
        }
    }

    /**
     * Refuses a network that cannot learn so.
     *
     * @throws IllegalArgumentException saying why
     */
    public void requireFits(NetworkSpec network) {
        if (network.loss() != Loss.SOFTMAX) {
            throw new IllegalArgumentException(
                    "Only networks with the softmax loss learn from a teacher. Leave out `distill`");
        }
    }
}
