package io.espalier.network;

import io.espalier.random.Seed;
import java.util.List;

/**
 * How a whole network is stored.
 *
 * @param layers one a linear map, in network order; empty: all dense
 */
public record Storage(List<StoreSpec> layers) {
    /** A number for every connection of every layer. */
    public static final Storage DENSE = new Storage(List.of());

    public Storage {
        layers = List.copyOf(layers);
    }

    /** The same, with the fixed factors that this seed gives. */
    public Storage seeded(Seed seed) {
        return new Storage(layers.stream()
                .map(layer -> layer instanceof StoreSpec.LowRank product
                        ? new StoreSpec.LowRank(product.rank(), seed.value())
                        : layer)
                .toList());
    }

    /** Whether every layer has a number for every connection. */
    public boolean isDense() {
        return layers.stream().allMatch(StoreSpec.DENSE::equals);
    }

    /** How layer l is stored. */
    public StoreSpec layer(int layer) {
        return layers.isEmpty() ? StoreSpec.DENSE : layers.get(layer);
    }

    /** Numbers stored for a network of this shape, weights and biases. */
    public int parameters(NetworkSpec network) {
        int parameters = network.normParameters();
        for (int l = 0; l < network.layers(); l++) {
            parameters += layer(l).weights(network.outputs(l), network.inputs(l));
            parameters += network.biases(l) == 0 ? 0 : layer(l).biases(network.outputs(l));
        }
        return parameters;
    }
}
