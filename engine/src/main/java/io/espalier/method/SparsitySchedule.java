package io.espalier.method;

import io.espalier.compress.Law;
import io.espalier.train.Length;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How a pruning method travels from the dense network to its ratios.
 *
 * @param cycles prune-retrain cycles between consecutive visited ratios, at least 1
 * @param perRatio whether every ratio is a trajectory of its own, rather than a station of one
 * @param trainAccuracy the share of the training part, above 0 and at most 1, that a cycle need get right to be followed by the
 *     next cut before its epochs are over; looked at when an epoch ends; a cycle that ends in a readout is never cut short
 * @param lastEpochs length of the cycle that ends in a readout, if not that of the others
 * @param every hidden units go one by one while the cycle trains, one in so many steps, in place of a cut before it; what is then still
 *     too much goes at its end
 */
public record SparsitySchedule(
        Law law,
        int cycles,
        boolean perRatio,
        OptionalDouble trainAccuracy,
        OptionalInt lastEpochs,
        Optional<Length> every) {
    public SparsitySchedule {
        if (every.isPresent() && (cycles != 1 || perRatio || trainAccuracy.isPresent() || lastEpochs.isPresent())) {
            throw new IllegalArgumentException(
                    "Units that go one by one leave nothing to cycles. Say `every` and `epochs`, and no more");
        }
        if (cycles < 1) {
            throw new IllegalArgumentException("A schedule needs at least one cycle, got " + cycles);
        }
        if (law.dependsOnLastTarget() && !perRatio) {
            throw new IllegalArgumentException("Law " + law + " needs a trajectory for every ratio");
        }
        if (trainAccuracy.isPresent() && cycles == 1) {
            throw new IllegalArgumentException(
                    "With one cycle to a ratio no cut is waiting for the training accuracy. Raise the cycles");
        }
        double share = trainAccuracy.orElse(1);
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("A training accuracy is a share above 0 and at most 1, got " + share);
        }
        if (lastEpochs.orElse(1) < 1) {
            throw new IllegalArgumentException("The last cycle needs at least one epoch");
        }
    }

    /** Cycles of one length. */
    public SparsitySchedule(Law law, int cycles, boolean perRatio) {
        this(law, cycles, perRatio, OptionalDouble.empty(), OptionalInt.empty(), Optional.empty());
    }

    /** One cut from the dense network to each ratio. */
    public static SparsitySchedule oneShot() {
        return new SparsitySchedule(Law.GEOMETRIC, 1, true);
    }
}
