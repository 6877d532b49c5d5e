package io.espalier.method;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.network.NetworkSpec;
import io.espalier.train.Instruction;
import java.util.List;

/** A smaller dense network trained from scratch. */
public record EqualSize(String name, FromScratch scratch, Reduction reduction) implements SmallNetwork {
    /** A narrower one. */
    public EqualSize(String name, FromScratch scratch) {
        this(name, scratch, new Reduction.Width());
    }

    @Override
    public String kind() {
        return "equal-size";
    }

    @Override
    public void identify(ObjectNode canonical) {
        if (!reduction.key().isEmpty()) {
            canonical.put("by", reduction.key());
        }
    }

    @Override
    public FromScratch.Small small(NetworkSpec network, CompressionRatio ratio) {
        return new FromScratch.Small(
                reduction.reduced(network, ratio.parameters(network)), List.of(new Instruction.Initialize()));
    }
}
