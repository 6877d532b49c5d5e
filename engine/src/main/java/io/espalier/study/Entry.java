package io.espalier.study;

import io.espalier.method.Method;
import java.util.List;

/**
 * A method as it enters a study: in one configuration, or in several of which the validation data choose one.
 *
 * @param configurations in the order in which equals win
 * @param perRatio whether each ratio chooses for itself
 * @param point of the study's sweep, such as {@code batch 50}; empty in a study without one. What methods take from one another, such
 *     as how long the longest trains, they take from those at their own point.
 */
public record Entry(List<Configuration> configurations, boolean perRatio, String point) {
    public Entry {
        configurations = List.copyOf(configurations);
        if (configurations.isEmpty()) {
            throw new IllegalArgumentException("A method enters a study in at least one configuration");
        }
    }

    /** A method with nothing to choose, in a study without a sweep. */
    public static Entry of(Method method) {
        return new Entry(List.of(new Configuration("", method)), false, "");
    }

    public String name() {
        return first().name();
    }

    /** The method in its first configuration. Name, ratios and parent are the same in all. */
    public Method first() {
        return configurations.get(0).method();
    }
}
