package io.espalier.compress;

import io.espalier.network.NetworkSpec;
import java.util.Collections;
import java.util.List;

/**
 * How small a network is to become by losing hidden units.
 *
 * @param parameters it may have at most
 * @param leastWidths of its hidden layers
 */
public record UnitBudget(int parameters, List<Integer> leastWidths) {
    public UnitBudget {
        leastWidths = List.copyOf(leastWidths);
    }

    /**
     * With scope layer the hidden layers are as wide as those of {@link NetworkSpec#narrowedTo(int, int)}; with scope global each
     * keeps at least one unit.
     *
     * @throws IllegalArgumentException if one unit in each hidden layer is too much
     */
    public static UnitBudget of(NetworkSpec network, Scope scope, int parameters) {
        NetworkSpec narrow = network.narrowedTo(parameters, 1);
        int hidden = network.layers() - 1;
        return scope == Scope.LAYER
                ? new UnitBudget(narrow.parameters(), narrow.sizes().subList(1, hidden + 1))
                : new UnitBudget(parameters, Collections.nCopies(hidden, 1));
    }

    /** Whether a network is small enough. */
    public boolean isMetBy(NetworkSpec network) {
        return network.parameters() <= parameters;
    }

    /** Whether hidden layer l of a network may lose a unit. */
    public boolean allowsLossIn(NetworkSpec network, int layer) {
        return network.outputs(layer) > leastWidths.get(layer);
    }
}
