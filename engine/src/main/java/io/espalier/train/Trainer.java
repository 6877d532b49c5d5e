package io.espalier.train;

/** Moves a cohort forward in lockstep. */
public final class Trainer {
    private static final double NANOS = 1e9;

    /** Steps until a member has something else to do than stepping. */
    public void untilNextEvent(Cohort cohort) {
        long start = System.nanoTime();
        int steps = cohort.stepsToNextEvent();
        for (int i = 0; i < steps; i++) {
            cohort.step();
        }
        double seconds = (System.nanoTime() - start) / NANOS / cohort.members().size();
        cohort.members().forEach(member -> member.spent(seconds));
    }
}
