package io.espalier.run;

import io.espalier.backend.Backend;
import java.util.function.Supplier;

/**
 * That a run is to be checked against a second backend while it goes on.
 *
 * @param steps first steps of every cohort whose ops are done twice
 * @param shadow opens the second backend, on the thread that will use it
 */
public record Check(int steps, Supplier<Backend> shadow) {
    /** Enough to see every op of a study's training. */
    public static final int DEFAULT_STEPS = 3;

    public Check {
        if (steps < 1) {
            throw new IllegalArgumentException("A check needs at least one step, got " + steps);
        }
    }
}
