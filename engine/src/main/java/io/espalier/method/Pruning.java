package io.espalier.method;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.network.NetworkSpec;
import io.espalier.train.Instruction;
import io.espalier.train.Length;
import io.espalier.train.TrainingSettings;
import java.util.List;
import java.util.Optional;

/** Cut, recover, and again: what is cut, each says for itself. */
public sealed interface Pruning extends Method permits Prune, PruneNeurons {
    /** What all of them have. */
    FromTrained trained();

    /** Its kind in canonical texts. */
    String kind();

    /** Adds to a canonical text what is cut. */
    void identify(ObjectNode canonical);

    /** How much there is of what cuts are counted in, before the first. */
    int uncut(NetworkSpec network);

    /**
     * How much of it a ratio leaves.
     *
     * @throws IllegalArgumentException if that cannot be
     */
    int left(NetworkSpec network, CompressionRatio ratio);

    /** The cut that leaves so much. */
    Instruction cut(int left);

    /**
     * The training on which it goes bit by bit, until there is only so much.
     *
     * @throws IllegalArgumentException if it can go in cuts only
     */
    default Instruction.Training losing(Length every, Length until, int left) {
        throw new IllegalArgumentException("Weights go in cuts, not one by one");
    }

    @Override
    default TrainingSettings training() {
        return trained().training();
    }

    @Override
    default List<CompressionRatio> ratios() {
        return trained().ratios();
    }

    @Override
    default Optional<String> from() {
        return Optional.of(trained().parent());
    }

    @Override
    default void requireFits(NetworkSpec network) {
        trained().distillation().ifPresent(how -> how.requireFits(network));
    }

    @Override
    default Optional<Length> rewindsTo() {
        return Optional.ofNullable(trained().recovery().snapshot());
    }

    @Override
    default Optional<Double> ownEpochs(int stations) {
        return new Cycles(this).epochs(stations);
    }

    @Override
    default List<Trajectory> trajectories(Surroundings around) {
        return new Cycles(this).trajectories(around);
    }
}
