package io.espalier.method;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.Saliency;
import io.espalier.compress.Scope;
import io.espalier.network.NetworkSpec;
import io.espalier.train.Distillation;
import io.espalier.train.Instruction;
import io.espalier.train.Recovery;
import io.espalier.train.TrainingSettings;
import java.util.List;
import java.util.Optional;

/**
 * Prunes weights one by one.
 *
 * @param training of one recovery; its epochs are one cycle's, at most, but for the last before a readout if that has its own
 * @param parent name of the dense method whose weights it starts from
 * @param distillation how it learns from that network beside the labels, if it does
 */
public record Prune(
        String name,
        TrainingSettings training,
        Saliency saliency,
        Scope scope,
        SparsitySchedule schedule,
        Recovery recovery,
        String parent,
        List<CompressionRatio> ratios,
        Optional<Distillation> distillation)
        implements Pruning {
    public Prune {
        Cycles.requireSound(training, schedule, recovery);
        if (schedule.every().isPresent()) {
            throw new IllegalArgumentException("Weights go in cuts, not one by one: `every` is for hidden units");
        }
    }

    /** Without a teacher. */
    public Prune(
            String name,
            TrainingSettings training,
            Saliency saliency,
            Scope scope,
            SparsitySchedule schedule,
            Recovery recovery,
            String parent,
            List<CompressionRatio> ratios) {
        this(name, training, saliency, scope, schedule, recovery, parent, ratios, Optional.empty());
    }

    @Override
    public String kind() {
        return "prune";
    }

    @Override
    public void identify(ObjectNode canonical) {
        canonical.put("saliency", saliency.name());
        if (scope != Scope.GLOBAL) {
            canonical.put("scope", scope.key());
        }
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
        return new Instruction.Prune(saliency, scope, left);
    }
}
