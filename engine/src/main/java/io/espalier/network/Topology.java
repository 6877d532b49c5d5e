package io.espalier.network;

import java.util.List;

/**
 * Which steps a network takes, without how wide they are.
 *
 * @param name what it is called, for the same steps always the same; empty for a multi-layer perceptron, which its sizes name
 * @param input what an example is
 * @param steps each reads values of earlier ones; the last is a fully connected layer
 * @param sizes that the name stands for, as in {@link Architecture#sizes}; empty where it names none
 */
public record Topology(String name, Features input, List<Step> steps, List<Integer> sizes) {
    public Topology {
        steps = List.copyOf(steps);
        sizes = List.copyOf(sizes);
        for (int i = 0; i < steps.size(); i++) {
            for (int value : steps.get(i).reads()) {
                if (value < 0 || value > i) {
                    throw new IllegalArgumentException("Step " + i + " of network " + name + " reads value " + value
                            + ", but only 0 to " + i + " are there by then");
                }
            }
        }
        if (steps.isEmpty() || !(steps.get(steps.size() - 1) instanceof Step.FullyConnected)) {
            throw new IllegalArgumentException("A network ends with a fully connected layer");
        }
    }

    /** Fully connected layers, one after the other. */
    static Topology perceptron(int inputs, int layers) {
        Step[] steps = new Step[layers];
        java.util.Arrays.setAll(steps, Step.FullyConnected::new);
        return new Topology("", Features.vector(inputs), List.of(steps), List.of());
    }

    /** Whether it has nothing but fully connected layers, one after the other. */
    public boolean isPerceptron() {
        return name.isEmpty();
    }
}
