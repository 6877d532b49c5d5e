package io.espalier.compress;

import io.espalier.backend.Backend;
import io.espalier.backend.Tensor;
import io.espalier.network.Network;
import java.util.List;

/**
 * A number for every weight; the lowest go first.
 *
 * <p>To add one: a file here that implements this interface, a line in {@link SaliencyKind}, a row in {@code SaliencyTest}.
 */
public interface Saliency {
    /**
     * What a saliency may look at.
     *
     * @param keys (R, 1, 2) I32 seeds
     * @param step (R, 1, 1) I32 training steps
     */
    record Subject(Backend backend, Network network, Tensor keys, Tensor step) {}

    /**
     * Scores every prunable weight of every member.
     *
     * @param scores out: one tensor for each of {@code network.prunable()}, of its shape
     */
    void score(Subject subject, List<Tensor> scores);
}
