package io.espalier.method;

import io.espalier.compress.Law;

/**
 * How a pruning method travels from the dense network to its ratios.
 *
 * @param cycles prune-retrain cycles between consecutive visited ratios, at least 1
 * @param perRatio whether every ratio is a trajectory of its own, rather than a station of one
 */
public record SparsitySchedule(Law law, int cycles, boolean perRatio) {
    public SparsitySchedule {
        if (cycles < 1) {
            throw new IllegalArgumentException("A schedule needs at least one cycle, got " + cycles);
        }
        if (law.dependsOnLastTarget() && !perRatio) {
            throw new IllegalArgumentException("Law " + law + " needs a trajectory for every ratio");
        }
    }

    /** One cut from the dense network to each ratio. */
    public static SparsitySchedule oneShot() {
        return new SparsitySchedule(Law.GEOMETRIC, 1, true);
    }
}
