package io.espalier.study;

import io.espalier.method.Method;
import java.util.List;

/**
 * A method as it enters a study: in one configuration, or in several of which the validation data choose one.
 *
 * @param configurations in the order in which equals win
 * @param perRatio whether each ratio chooses for itself
 */
public record Entry(List<Configuration> configurations, boolean perRatio) {
    public Entry {
        configurations = List.copyOf(configurations);
        if (configurations.isEmpty()) {
            throw new IllegalArgumentException("A method enters a study in at least one configuration");
        }
    }

    /** A method with nothing to choose. */
    public static Entry of(Method method) {
        return new Entry(List.of(new Configuration("", method)), false);
    }

    public String name() {
        return first().name();
    }

    /** The method in its first configuration. Name, ratios and parent are the same in all. */
    public Method first() {
        return configurations.get(0).method();
    }
}
