package io.espalier.study;

import java.util.Map;
import java.util.Optional;

/** Who wins contests. */
@FunctionalInterface
public interface Choices {
    /** The choice, or empty while trials that it needs are not over. */
    Optional<Choice> choose(Contest contest);

    /** The first configuration wins and trains in full: good for checks and estimates before anything has run. */
    static Choices first() {
        return contest -> Optional.of(new Choice(0, Map.of()));
    }
}
