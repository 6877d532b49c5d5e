package io.espalier.method;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.network.NetworkSpec;
import io.espalier.train.Instruction;
import java.util.List;
import java.util.Optional;

/**
 * The profile that pruning units left, scaled to other sizes and trained from scratch: one pruned network gives a family (Crowley et al.
 * 2018).
 *
 * @param parent name of the method that prunes units
 * @param at the ratio at which its profile is taken
 */
public record Profile(String name, FromScratch scratch, String parent, CompressionRatio at) implements SmallNetwork {
    public Profile {
        if (scratch.teacher().isPresent()) {
            throw new IllegalArgumentException("A network whose profile comes from another learns from labels alone");
        }
    }

    @Override
    public String kind() {
        return "profile";
    }

    @Override
    public void identify(ObjectNode canonical) {
        canonical.put("at", at.toString());
    }

    @Override
    public Optional<String> from() {
        return Optional.of(parent);
    }

    @Override
    public FromScratch.Small small(NetworkSpec network, CompressionRatio ratio) {
        return new FromScratch.Small(
                network, List.of(new Instruction.InitializeProfile(at, ratio.parameters(network))));
    }
}
