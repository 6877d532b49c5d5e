package io.espalier.method;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.Scope;
import io.espalier.compress.UnitBudget;
import io.espalier.compress.UnitCriterion;
import io.espalier.network.NetworkSpec;
import io.espalier.train.Distillation;
import io.espalier.train.Instruction;
import io.espalier.train.Length;
import io.espalier.train.Recovery;
import io.espalier.train.TrainingSettings;
import java.util.List;
import java.util.Optional;

/**
 * Takes whole hidden units, after which the network is really smaller (Harang and Sanders 2023 compare ways of choosing them).
 *
 * @param training of one recovery, as in {@link Prune}
 * @param parent name of the dense method whose weights it starts from
 * @param distillation how it learns from that network beside the labels, if it does
 */
public record PruneNeurons(
        String name,
        TrainingSettings training,
        UnitCriterion criterion,
        Scope scope,
        SparsitySchedule schedule,
        Recovery recovery,
        String parent,
        List<CompressionRatio> ratios,
        Optional<Distillation> distillation)
        implements Pruning {
    public PruneNeurons {
        Cycles.requireSound(training, schedule, recovery);
        if (scope != Scope.GLOBAL && scope != Scope.LAYER) {
            throw new IllegalArgumentException("Hidden units go by scope global or layer");
        }
        if (schedule.every().isPresent() && (scope != Scope.GLOBAL || recovery.retrainsInFull())) {
            throw new IllegalArgumentException(
                    "Units that go one by one are ranked together, and what is left is fine-tuned or trained from scratch");
        }
    }

    /** Without a teacher. */
    public PruneNeurons(
            String name,
            TrainingSettings training,
            UnitCriterion criterion,
            Scope scope,
            SparsitySchedule schedule,
            Recovery recovery,
            String parent,
            List<CompressionRatio> ratios) {
        this(name, training, criterion, scope, schedule, recovery, parent, ratios, Optional.empty());
    }

    @Override
    public String kind() {
        return "prune-neurons";
    }

    @Override
    public void identify(ObjectNode canonical) {
        canonical.put("criterion", criterion.name());
        if (scope != Scope.GLOBAL) {
            canonical.put("scope", scope.key());
        }
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
        return UnitBudget.of(network, scope, ratio.parameters(network)).parameters();
    }

    @Override
    public Instruction cut(int left) {
        return new Instruction.Shrink(criterion, scope, left);
    }

    @Override
    public Instruction.Training losing(Length every, Length until, int left) {
        return new Instruction.TrainShrinking(until, criterion, left, every);
    }
}
