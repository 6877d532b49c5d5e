package io.espalier.method;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.backend.WeightHash;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.HashedStorage;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Storage;
import io.espalier.train.Instruction;
import java.util.List;

/**
 * Weights that share the numbers of hash buckets (Chen et al. 2015).
 *
 * @param mode which keys are hashed, and how buckets are counted
 * @param hashBiases whether biases are hashed too; the paper's mode only
 * @param expand how many times wider the hidden layers are than those of the network that ratios count against: the same
 *     storage inflated (the paper's expansion experiment)
 */
public record Hashed(String name, FromScratch scratch, WeightHash.Mode mode, boolean hashBiases, int expand)
        implements SmallNetwork {
    @Override
    public String kind() {
        return "hashed";
    }

    @Override
    public void identify(ObjectNode canonical) {
        Expansion.into(canonical, expand);
        if (mode == WeightHash.Mode.PAPER) {
            canonical.put("mode", "paper").put("hash-biases", hashBiases);
        }
    }

    @Override
    public FromScratch.Small small(NetworkSpec network, CompressionRatio ratio) {
        NetworkSpec virtual = network.widenedBy(expand);
        return new FromScratch.Small(virtual, List.of(new Instruction.Initialize(storage(network, virtual, ratio))));
    }

    private Storage storage(NetworkSpec network, NetworkSpec virtual, CompressionRatio ratio) {
        if (mode == WeightHash.Mode.NATIVE) {
            return HashedStorage.of(virtual, Expansion.weights(network, virtual, ratio));
        }
        double inflated = ratio.value() * virtual.parameters() / network.parameters();
        return HashedStorage.asPublished(virtual, new CompressionRatio(inflated), hashBiases);
    }
}
