package io.espalier.study;

import io.espalier.compress.CompressionRatio;
import io.espalier.compress.SaliencyKind;
import io.espalier.compress.Scope;
import io.espalier.train.Recovery;
import io.espalier.train.TrainingSettings;
import java.util.List;
import java.util.OptionalInt;

/** A way of getting a network of a given size. */
public sealed interface Method {
    /** What the results call it. */
    String name();

    /** How its own phases train. */
    TrainingSettings training();

    /** Where it is read out, ascending; empty: at the study's ratios. */
    default List<CompressionRatio> ratios() {
        return List.of();
    }

    /** The uncompressed control, and the parent of methods that start from trained weights. */
    record Dense(String name, TrainingSettings training) implements Method {}

    /**
     * A narrower dense network trained from scratch.
     *
     * @param epochs how long; empty: as long as the longest pruned row of the study
     */
    record EqualSize(String name, TrainingSettings training, OptionalInt epochs, List<CompressionRatio> ratios)
            implements Method {}

    /**
     * Cut, recover, and again.
     *
     * @param training of one recovery; its epochs are one cycle's
     * @param from name of the dense method whose weights it starts from
     */
    record Prune(
            String name,
            TrainingSettings training,
            SaliencyKind saliency,
            Scope scope,
            SparsitySchedule schedule,
            Recovery recovery,
            String from,
            List<CompressionRatio> ratios)
            implements Method {}
}
