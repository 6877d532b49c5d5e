package io.espalier.method;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.SaliencyKind;
import io.espalier.compress.Scope;
import io.espalier.network.NetworkSpec;
import io.espalier.train.Instruction;
import io.espalier.train.Length;
import io.espalier.train.RegrowthSchedule;
import java.util.List;

/**
 * As few weights from beginning to end, at random places that move while they train (RigL: Evci et al. 2020). What comes back is
 * decided by labels alone, whoever else teaches.
 *
 * @param scope how many weights each layer has
 */
public record Rigl(String name, FromScratch scratch, Scope scope, RegrowthSchedule moves) implements SmallNetwork {
    /** Unless a study says otherwise. */
    public static final RegrowthSchedule USUAL = RegrowthSchedule.published(new Length(100, Length.Unit.STEPS));

    @Override
    public String kind() {
        return "rigl";
    }

    @Override
    public void identify(ObjectNode canonical) {
        if (scope != Scope.ERK) {
            canonical.put("scope", scope.key());
        }
        if (!moves.every().equals(USUAL.every())) {
            canonical.put("update-every", moves.every().toString());
        }
        if (moves.until() != USUAL.until()) {
            canonical.put("until", moves.until());
        }
        if (moves.alpha() != USUAL.alpha()) {
            canonical.put("alpha", moves.alpha());
        }
    }

    @Override
    public FromScratch.Small small(NetworkSpec network, CompressionRatio ratio) {
        return new FromScratch.Small(
                network,
                List.of(
                        new Instruction.Initialize(),
                        new Instruction.Prune(SaliencyKind.RANDOM.saliency(), scope, ratio.weightsKept(network))),
                until -> new Instruction.TrainRegrowing(until, moves));
    }
}
