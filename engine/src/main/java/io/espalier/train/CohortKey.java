package io.espalier.train;

import io.espalier.data.DataSpec;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Representation;
import java.util.List;

/**
 * What members must share to train in lockstep; everything else is per member. They must also start at the same
 * place of an epoch, so that its short last batch comes to all at once.
 *
 * @param network shape after any shrinking, activations and loss
 * @param data whose batches they see
 * @param batch examples a step
 * @param representation which layers are sparse
 */
public record CohortKey(NetworkSpec network, DataSpec data, int batch, Representation representation) {
    /** Of members at the start of their programs. */
    public static CohortKey atStart(NetworkSpec network, DataSpec data, int batch) {
        return new CohortKey(network, data, batch, Representation.dense(network));
    }

    CohortKey with(List<Integer> sizes, Representation other) {
        return new CohortKey(network.withSizes(sizes), data, batch, other);
    }
}
