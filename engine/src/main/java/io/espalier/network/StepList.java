package io.espalier.network;

import java.util.ArrayList;
import java.util.List;

/** Steps and sizes in the making: what a step makes is known by its number. */
final class StepList {
    private final List<Step> steps = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();

    /** @param firstInputs inputs of the first linear map */
    StepList(int firstInputs) {
        sizes.add(firstInputs);
    }

    /** Adds a step without weights of its own, and says which value it makes. */
    int add(Step step) {
        steps.add(step);
        return steps.size();
    }

    /** Adds a linear map of so many outputs. */
    int add(Step.LinearMap map, int outputs) {
        sizes.add(outputs);
        return add(map);
    }

    Architecture architecture(String name, Features input) {
        return new Architecture(new Topology(name, input, steps, sizes), sizes);
    }
}
