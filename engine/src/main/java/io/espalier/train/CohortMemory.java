package io.espalier.train;

import io.espalier.network.Features;
import io.espalier.network.NetworkSpec;

/**
 * What a member of a cohort needs of a device's memory, from above and before anything is allocated: tensors are counted as those
 * of a dense network with masks, or of a hashed one, whichever is more.
 */
public final class CohortMemory {
    /** Values, gradients, velocities, masks; then a virtual matrix, its index and the index's inverse. */
    private static final long BYTES_PER_WEIGHT = 4 + 4 + 4 + 1 + 4 + 4 + 4;

    /** An activation and its gradient. */
    private static final long BYTES_PER_UNIT = 8;

    private CohortMemory() {}

    /**
     * Of one member.
     *
     * @param batch examples a training step
     * @param taught whether it has a teacher, which may be at hand as a second network
     */
    public static long bytesPerMember(NetworkSpec network, int batch, boolean taught) {
        long weights = network.parameters();
        long units = network.architecture().values().stream()
                .mapToLong(Features::count)
                .sum();
        // The patches of the largest convolution and their gradient count as much as a value of their size.
        units += network.architecture().largestPatches();
        // Passes are kept for a full and a short batch, in training and in evaluation; readouts make a network of their
        // own.
        long examples = 2L * batch + 2L * Evaluator.batch(network);
        return (taught ? 2 : 1) * (2 * weights * BYTES_PER_WEIGHT + units * examples * BYTES_PER_UNIT);
    }
}
