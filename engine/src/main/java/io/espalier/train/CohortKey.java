package io.espalier.train;

import io.espalier.data.DataSpec;
import io.espalier.network.NetworkSpec;

/**
 * What members must share to train in lockstep; everything else is per member. They must also start at the same
 * place of an epoch, so that its short last batch comes to all at once.
 *
 * @param network shape, activations and loss
 * @param data whose batches they see
 * @param batch examples a step
 */
public record CohortKey(NetworkSpec network, DataSpec data, int batch) {}
