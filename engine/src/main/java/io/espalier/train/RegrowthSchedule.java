package io.espalier.train;

/**
 * When masks move while they train, and how much of them (RigL: Evci et al. 2020).
 *
 * @param every from one move to the next
 * @param until share of the phase's schedule after which they stay as they are, above 0 and at most 1
 * @param alpha share of a layer's weights that the first moves take, above 0 and at most 1; later ones take less and less
 */
public record RegrowthSchedule(Length every, double until, double alpha) {
    public RegrowthSchedule {
        if (every.count() == 0) {
            throw new IllegalArgumentException("Moves of a mask cannot be " + every + " apart");
        }
        requireShare("The share of the training in which masks move", until);
        requireShare("The share of weights that move, alpha,", alpha);
    }

    private static void requireShare(String what, double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException(what + " is above 0 and at most 1, got " + share);
        }
    }

    /** The paper's: up to three quarters of the training, 30 % at first. */
    public static RegrowthSchedule published(Length every) {
        return new RegrowthSchedule(every, 0.75, 0.3);
    }

    /**
     * The share of a layer's weights that moves at a step: alpha (1 + cos(pi step / end)) / 2, 0 where no move is due.
     *
     * @param step of the phase's schedule
     * @param totalSteps that the schedule spans
     */
    double share(int step, int stepsPerEpoch, int totalSteps) {
        double end = until * totalSteps;
        return step == 0 || step >= end || step % every.steps(stepsPerEpoch) != 0
                ? 0
                : alpha * (1 + StrictMath.cos(StrictMath.PI * step / end)) / 2;
    }
}
