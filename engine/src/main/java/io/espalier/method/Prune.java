package io.espalier.method;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.Saliency;
import io.espalier.network.NetworkSpec;
import io.espalier.train.Instruction;

/** Prunes weights one by one. */
public record Prune(String name, Saliency saliency, FromTrained trained) implements Pruning {
    public Prune {
        if (trained.schedule().every().isPresent()) {
            throw new IllegalArgumentException("Weights go in cuts, not one by one: `every` is for hidden units");
        }
    }

    @Override
    public String kind() {
        return "prune";
    }

    @Override
    public void identify(ObjectNode canonical) {
        canonical.put("saliency", saliency.name());
    }

    @Override
    public int uncut(NetworkSpec network) {
        return network.prunable();
    }

    @Override
    public int left(NetworkSpec network, CompressionRatio ratio) {
        return ratio.weightsKept(network);
    }

    @Override
    public Instruction cut(int left) {
        return new Instruction.Prune(saliency, trained.scope(), left);
    }
}
