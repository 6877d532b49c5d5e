package io.espalier.compress;

import io.espalier.network.NetworkSpec;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

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
     * With scope layer the hidden layers are as wide as those of {@link NetworkSpec#narrowedTo(int, int, IntPredicate)}; with scope global each
     * keeps at least one unit.
     *
     * @throws IllegalArgumentException if one unit in each hidden layer is too much
     */
    public static UnitBudget of(NetworkSpec network, Scope scope, int parameters) {
        NetworkSpec narrow = network.narrowedTo(parameters, 1, network::hasFreeUnits);
        int hidden = network.layers() - 1;
        return scope == Scope.LAYER
                ? new UnitBudget(narrow.parameters(), narrow.sizes().subList(1, hidden + 1))
                : new UnitBudget(
                        parameters,
                        IntStream.range(0, hidden)
                                .mapToObj(l -> network.hasFreeUnits(l) ? 1 : network.outputs(l))
                                .toList());
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
