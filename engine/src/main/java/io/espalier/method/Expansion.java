package io.espalier.method;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.network.NetworkSpec;

/** Few numbers behind a network that is larger than the one that ratios count against. */
final class Expansion {
    private Expansion() {}

    /**
     * Numbers that a ratio leaves for the weights of the virtual network, once its biases are stored: floor(P / ratio) less the
     * biases.
     *
     * @throws IllegalArgumentException if that is below one
     */
    static int weights(NetworkSpec network, NetworkSpec virtual, CompressionRatio ratio) {
        int biases = virtual.parameters() - virtual.prunable();
        int weights = ratio.parameters(network) - biases;
        if (weights < 1) {
            throw new IllegalArgumentException("Ratio " + ratio + " leaves " + ratio.parameters(network)
                    + " parameters, of which network " + virtual + " needs " + biases + " for its biases");
        }
        return weights;
    }

    static void into(ObjectNode canonical, int expand) {
        if (expand != 1) {
            canonical.put("expand", expand);
        }
    }
}
