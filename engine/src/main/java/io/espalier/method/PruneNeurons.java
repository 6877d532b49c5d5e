package io.espalier.method;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.Scope;
import io.espalier.compress.UnitBudget;
import io.espalier.compress.UnitCriterion;
import io.espalier.network.NetworkSpec;
import io.espalier.train.Instruction;
import io.espalier.train.Length;

/** Takes whole hidden units, after which the network is really smaller (Harang and Sanders 2023 compare ways of choosing them). */
public record PruneNeurons(String name, UnitCriterion criterion, FromTrained trained) implements Pruning {
    public PruneNeurons {
        Scope scope = trained.scope();
        if (scope != Scope.GLOBAL && scope != Scope.LAYER) {
            throw new IllegalArgumentException("Hidden units go by scope global or layer");
        }
        if (trained.schedule().every().isPresent()
                && (scope != Scope.GLOBAL || trained.recovery().retrainsInFull())) {
            throw new IllegalArgumentException(
                    "Units that go one by one are ranked together, and what is left is fine-tuned or trained from scratch");
        }
    }

    @Override
    public String kind() {
        return "prune-neurons";
    }

    @Override
    public void identify(ObjectNode canonical) {
        canonical.put("criterion", criterion.name());
    }

    @Override
    public void requireFits(NetworkSpec network) {
        Pruning.super.requireFits(network);
        criterion.requireFits(network);
    }

    @Override
    public int uncut(NetworkSpec network) {
        return network.parameters();
    }

    @Override
    public int left(NetworkSpec network, CompressionRatio ratio) {
        return UnitBudget.of(network, trained.scope(), ratio.parameters(network))
                .parameters();
    }

    @Override
    public Instruction cut(int left) {
        return new Instruction.Shrink(criterion, trained.scope(), left);
    }

    @Override
    public Instruction.Training losing(Length every, Length until, int left) {
        return new Instruction.TrainShrinking(until, criterion, left, every);
    }
}
