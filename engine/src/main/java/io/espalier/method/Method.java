package io.espalier.method;

import io.espalier.compress.CompressionRatio;
import io.espalier.network.NetworkSpec;
import io.espalier.train.Length;
import io.espalier.train.TrainingSettings;
import java.util.List;
import java.util.Optional;

/** A way of getting a network of a given size, with all its settings. */
public sealed interface Method permits Dense, Pruning, Quantise, SmallNetwork {
    /** What the results call it. */
    String name();

    /** How its own phases train. */
    TrainingSettings training();

    /** Where it is read out, ascending; empty: at the study's ratios, or, quantising, wherever its parent is. */
    default List<CompressionRatio> ratios() {
        return List.of();
    }

    /** The method whose trials its own start from or learn from. */
    default Optional<String> from() {
        return Optional.empty();
    }

    /** The point of its parent's training that it goes back to. */
    default Optional<Length> rewindsTo() {
        return Optional.empty();
    }

    /**
     * Epochs that its longest row trains, its parent's not included; empty if that depends on the other methods.
     *
     * @param stations how many ratios it is read out at
     */
    Optional<Double> ownEpochs(int stations);

    /**
     * Refuses a network that it cannot compress, whatever the ratio.
     *
     * @throws IllegalArgumentException saying why
     */
    default void requireFits(NetworkSpec network) {}

    /**
     * What it does, whatever the seed.
     *
     * @throws UnreachableRatioException if it cannot make the network that small
     */
    List<Trajectory> trajectories(Surroundings around);
}
