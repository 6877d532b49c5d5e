package io.espalier.train;

import java.util.function.BooleanSupplier;

/** Moves a cohort forward in lockstep. */
public final class Trainer {
    private static final double NANOS = 1e9;

    private final BooleanSupplier pause;

    /** @param pause asked after every step whether to stop early; one step is always made, so that nobody can stand still */
    public Trainer(BooleanSupplier pause) {
        this.pause = pause;
    }

    /** Steps until a member has something else to do than stepping, or a pause is asked for. */
    public void untilNextEvent(Cohort cohort) {
        long start = System.nanoTime();
        cohort.steps(cohort.stepsToNextEvent(), pause);
        double seconds = (System.nanoTime() - start) / NANOS / cohort.members().size();
        cohort.members().forEach(member -> member.spent(seconds));
    }
}
