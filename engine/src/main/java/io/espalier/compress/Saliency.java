package io.espalier.compress;

import io.espalier.backend.Backend;
import io.espalier.backend.Tensor;
import io.espalier.network.Network;
import io.espalier.random.Seed;
import java.util.List;

/**
 * A number for every weight; the lowest go first. A value: two with the same parameters are equal.
 *
 * <p>To add one: a record here that implements this interface and a line in {@link SaliencyKind}; {@code SaliencyTest} then
 * tests it by itself.
 */
public interface Saliency {
    /**
     * What a saliency may look at.
     *
     * @param network of one member, so that the scores do not depend on who else is in its cohort
     * @param step training steps so far
     * @param beforeBatch run before every batch of examples that is looked at; what it throws ends the scoring and leaves the network as
     *     it was
     */
    record Subject(
            Backend backend, Network network, TrainingExamples training, Seed seed, int step, Runnable beforeBatch) {
        /** Scored to the end. */
        public Subject(Backend backend, Network network, TrainingExamples training, Seed seed, int step) {
            this(backend, network, training, seed, step, () -> {});
        }
    }

    /**
     * Its name in study files, and after it the parameters that are not at their default. Part of the identity of trials, so
     * it never changes.
     */
    String name();

    /** Cuts, one right after the other, that bring an untrained network to a ratio unless a study says otherwise. */
    default int cutsBeforeTraining() {
        return 1;
    }

    /**
     * Scores every prunable weight. What pruned weights get is ignored.
     *
     * @param scores out: one tensor for each of {@code network.prunable()}, of its shape
     */
    void score(Subject subject, List<Tensor> scores);
}
