package io.espalier.method;

import io.espalier.network.NamedNetwork;
import io.espalier.network.NetworkSpec;

/** How a network is made small before it is trained: the controls that pruning has to beat (Crowley et al. 2018). */
public sealed interface Reduction {
    /** Part of the text that identifies a trial; empty for the usual way. */
    String key();

    /**
     * The largest network of its kind that has at most so many parameters.
     *
     * @throws IllegalArgumentException if there is none
     */
    NetworkSpec reduced(NetworkSpec network, int maxParameters);

    /** All hidden widths times one scale. */
    record Width() implements Reduction {
        @Override
        public String key() {
            return "";
        }

        @Override
        public NetworkSpec reduced(NetworkSpec network, int maxParameters) {
            return network.narrowedTo(maxParameters);
        }
    }

    /** The widths that channel pruning changes times one scale: what goes through a block stays as wide outside of it. */
    record Bottleneck() implements Reduction {
        @Override
        public String key() {
            return "bottleneck";
        }

        @Override
        public NetworkSpec reduced(NetworkSpec network, int maxParameters) {
            return network.narrowedTo(maxParameters, 1, network::hasFreeUnits);
        }
    }

    /** Fewer blocks. Depths come in steps, so that it may be much smaller than it had to be. */
    record Depth() implements Reduction {
        @Override
        public String key() {
            return "depth";
        }

        @Override
        public NetworkSpec reduced(NetworkSpec network, int maxParameters) {
            NetworkSpec shallower = network;
            while (shallower.parameters() > maxParameters) {
                NetworkSpec deeper = shallower;
                shallower = NamedNetwork.shallower(shallower)
                        .orElseThrow(
                                () -> new IllegalArgumentException("Network " + network + " has no form of at most "
                                        + maxParameters + " parameters with fewer blocks: " + deeper + " has "
                                        + deeper.parameters()));
            }
            return shallower;
        }
    }

    /**
     * Another network, all its hidden widths times one scale, none below 1.
     *
     * @param other at its largest
     */
    record Other(NetworkSpec other) implements Reduction {
        @Override
        public String key() {
            return "network";
        }

        @Override
        public NetworkSpec reduced(NetworkSpec network, int maxParameters) {
            return other.narrowedTo(maxParameters, 1, layer -> true);
        }
    }
}
