package io.espalier.method;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.SaliencyKind;
import io.espalier.compress.Scope;
import io.espalier.network.NetworkSpec;
import io.espalier.train.Instruction;
import java.util.List;

/**
 * Connections removed at random before training (random edge removal: a baseline of Chen et al. 2015).
 *
 * @param expand how many times wider the hidden layers are of which it keeps so few connections
 */
public record RandomEdges(String name, FromScratch scratch, int expand) implements SmallNetwork {
    @Override
    public String kind() {
        return "random-edges";
    }

    @Override
    public void identify(ObjectNode canonical) {
        Expansion.into(canonical, expand);
    }

    @Override
    public FromScratch.Small small(NetworkSpec network, CompressionRatio ratio) {
        NetworkSpec virtual = network.widenedBy(expand);
        int keep = Expansion.weights(network, virtual, ratio);
        return new FromScratch.Small(
                virtual,
                List.of(
                        new Instruction.Initialize(),
                        new Instruction.Prune(SaliencyKind.RANDOM.saliency(), Scope.GLOBAL, keep)));
    }
}
