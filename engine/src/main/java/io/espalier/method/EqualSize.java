package io.espalier.method;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.network.NetworkSpec;
import io.espalier.train.Instruction;
import java.util.List;

/** A narrower dense network trained from scratch. */
public record EqualSize(String name, FromScratch scratch) implements SmallNetwork {
    @Override
    public String kind() {
        return "equal-size";
    }

    @Override
    public void identify(ObjectNode canonical) {}

    @Override
    public FromScratch.Small small(NetworkSpec network, CompressionRatio ratio) {
        return new FromScratch.Small(
                network.narrowedTo(ratio.parameters(network)), List.of(new Instruction.Initialize()));
    }
}
