package io.espalier.method;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.Law;
import io.espalier.compress.Saliency;
import io.espalier.compress.Scope;
import io.espalier.network.NetworkSpec;
import io.espalier.train.Instruction;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts before any training, one right after the other; then what is left is trained in full.
 *
 * @param law how the cuts share the way to the ratio
 * @param cuts how many, at least 1; each ranks what those before it left
 */
public record PruneAtInitialization(String name, FromScratch scratch, Saliency saliency, Scope scope, Law law, int cuts)
        implements SmallNetwork {
    @Override
    public String kind() {
        return "prune-at-initialization";
    }

    @Override
    public void identify(ObjectNode canonical) {
        canonical.put("saliency", saliency.name());
        if (scope != Scope.GLOBAL) {
            canonical.put("scope", scope.key());
        }
        if (law != Law.GEOMETRIC) {
            canonical.put("law", law.key());
        }
        if (cuts != 1) {
            canonical.put("cycles", cuts);
        }
    }

    @Override
    public FromScratch.Small small(NetworkSpec network, CompressionRatio ratio) {
        List<Instruction> instructions = new ArrayList<>(List.of(new Instruction.Initialize()));
        int all = network.prunable();
        for (int keep : law.aliveAfter(cuts, all, ratio.weightsKept(network), all)) {
            instructions.add(new Instruction.Prune(saliency, scope, keep));
        }
        return new FromScratch.Small(network, instructions);
    }
}
