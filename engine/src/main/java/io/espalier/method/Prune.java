package io.espalier.method;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.Law;
import io.espalier.compress.Saliency;
import io.espalier.compress.Scope;
import io.espalier.network.NetworkSpec;
import io.espalier.train.Instruction;
import io.espalier.train.Length;
import io.espalier.train.Program;
import io.espalier.train.Recovery;
import io.espalier.train.TrainingSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Cut, recover, and again.
 *
 * @param training of one recovery; its epochs are one cycle's
 * @param parent name of the dense method whose weights it starts from
 */
public record Prune(
        String name,
        TrainingSettings training,
        Saliency saliency,
        Scope scope,
        SparsitySchedule schedule,
        Recovery recovery,
        String parent,
        List<CompressionRatio> ratios)
        implements Method {
    @Override
    public Optional<String> from() {
        return Optional.of(parent);
    }

    @Override
    public Optional<Length> rewindsTo() {
        return Optional.ofNullable(recovery.snapshot());
    }

    @Override
    public boolean isIterative() {
        return !schedule.perRatio();
    }

    @Override
    public Optional<Double> ownEpochs(int stations) {
        return Optional.of((isIterative() ? stations : 1) * schedule.cycles() * recovery.epochs(training));
    }

    @Override
    public List<Trajectory> trajectories(Surroundings around) {
        if (isIterative()) {
            return List.of(trajectory(around.network(), around.ratios()));
        }
        return around.ratios().stream()
                .map(ratio -> trajectory(around.network(), List.of(ratio)))
                .toList();
    }

    private Trajectory trajectory(NetworkSpec network, List<CompressionRatio> visited) {
        List<Instruction> program = new ArrayList<>();
        program.add(new Instruction.Inherit());
        int alive = network.prunable();
        int cycle = 0;
        for (CompressionRatio ratio : visited) {
            int target = weightsKept(network, ratio);
            for (int keep : schedule.law().aliveAfter(schedule.cycles(), alive, target, network.prunable())) {
                program.add(new Instruction.Prune(saliency, scope, keep));
                program.addAll(recovery.after(training, cycle++));
            }
            program.add(new Instruction.TakeReadout(ratio));
            alive = target;
        }
        return new Trajectory(
                network, training, visited, canonical(), new Program(program), cycle * recovery.epochs(training));
    }

    private static int weightsKept(NetworkSpec network, CompressionRatio ratio) {
        try {
            return ratio.weightsKept(network);
        } catch (IllegalArgumentException e) {
            throw new UnreachableRatioException(ratio, e.getMessage() + ". Lower the ratio.");
        }
    }

    private ObjectNode canonical() {
        ObjectNode node =
                JsonNodeFactory.instance.objectNode().put("kind", "prune").put("saliency", saliency.name());
        if (scope != Scope.GLOBAL) {
            node.put("scope", "layer");
        }
        if (schedule.law() != Law.GEOMETRIC) {
            node.put("law", schedule.law().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        if (schedule.cycles() != 1) {
            node.put("cycles", schedule.cycles());
        }
        if (recovery instanceof Recovery.Rewind rewind) {
            node.put("recovery", "rewind " + rewind.to());
        } else if (recovery instanceof Recovery.LearningRateRewind rewind) {
            node.put("recovery", "learning-rate-rewind " + rewind.to());
        } else if (recovery instanceof Recovery.Reinit) {
            node.put("recovery", "reinit");
        }
        return node;
    }
}
