package io.espalier.train;

import io.espalier.network.HiddenUnits;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import java.util.List;

/**
 * What a rewind restores: weights and optimiser state at one step.
 *
 * @param velocities one array a parameter tensor, in the order of {@code Network.parameters()}
 * @param at where in the phase it was taken
 */
public record Snapshot(Parameters parameters, List<float[]> velocities, Length at) {
    /** The same of the network, here in its first shape, in which only these hidden units are left. */
    Snapshot left(NetworkSpec network, HiddenUnits units) {
        return new Snapshot(
                parameters.left(network, units),
                parameters.withValues(velocities).left(network, units).values(),
                at);
    }
}
