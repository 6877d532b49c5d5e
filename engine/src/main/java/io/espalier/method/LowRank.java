package io.espalier.method;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.LowRankStorage;
import io.espalier.network.NetworkSpec;
import io.espalier.train.Instruction;
import java.util.List;

/**
 * Products of a fixed random factor and a learned one (Denil et al. 2013, a baseline of Chen et al. 2015).
 *
 * @param expand how many times wider the hidden layers are than those of the network that ratios count against
 */
public record LowRank(String name, FromScratch scratch, int expand) implements SmallNetwork {
    @Override
    public String kind() {
        return "low-rank";
    }

    @Override
    public void identify(ObjectNode canonical) {
        Expansion.into(canonical, expand);
    }

    @Override
    public FromScratch.Small small(NetworkSpec network, CompressionRatio ratio) {
        NetworkSpec virtual = network.widenedBy(expand);
        int weights = Expansion.weights(network, virtual, ratio);
        return new FromScratch.Small(virtual, List.of(new Instruction.Initialize(LowRankStorage.of(virtual, weights))));
    }
}
