package io.espalier.method;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.Law;
import io.espalier.compress.Saliency;
import io.espalier.compress.Scope;
import io.espalier.network.NetworkSpec;
import io.espalier.train.Instruction;
import io.espalier.train.LearningRate;
import io.espalier.train.Length;
import io.espalier.train.Program;
import io.espalier.train.Recovery;
import io.espalier.train.TrainingSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cut, recover, and again.
 *
 * @param training of one recovery; its epochs are one cycle's, at most, but for the last before a readout if that has its own
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
    public Prune {
        if (recovery instanceof Recovery.Continue && training.learningRate() instanceof LearningRate.Cosine) {
            throw new IllegalArgumentException(
                    "A cosine ends where its phase does, so that it cannot go on after a cut");
        }
        if (recovery.retrainsInFull()
                && (schedule.trainAccuracy().isPresent()
                        || schedule.lastEpochs().isPresent())) {
            throw new IllegalArgumentException(
                    "This recovery retrains to the end of the dense schedule in every cycle");
        }
    }

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
        return Optional.of((isIterative() ? stations : 1) * epochsToARatio());
    }

    /** Epochs from one ratio to the next, at most. */
    private double epochsToARatio() {
        return (schedule.cycles() - 1) * recovery.epochs(training) + recovery.epochs(trainingOfLast());
    }

    private TrainingSettings trainingOfLast() {
        return training.withEpochs(schedule.lastEpochs().orElse(training.epochs()));
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
                program.addAll(recovered(cycle++));
            }
            program.add(new Instruction.TakeReadout(ratio));
            alive = target;
        }
        return new Trajectory(
                network, training, visited, canonical(), new Program(program), visited.size() * epochsToARatio());
    }

    private List<Instruction> recovered(int cycle) {
        if ((cycle + 1) % schedule.cycles() == 0) {
            return recovery.after(trainingOfLast(), cycle);
        }
        return recovery.after(training, cycle).stream()
                .map(instruction ->
                        instruction instanceof Instruction.Train train ? untilTheNextCut(train) : instruction)
                .toList();
    }

    private Instruction untilTheNextCut(Instruction.Train train) {
        return schedule.trainAccuracy().isPresent()
                ? new Instruction.TrainToAccuracy(schedule.trainAccuracy().getAsDouble(), train.until())
                : train;
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
            node.put("scope", scope.key());
        }
        if (schedule.law() != Law.GEOMETRIC) {
            node.put("law", schedule.law().key());
        }
        if (schedule.cycles() != 1) {
            node.put("cycles", schedule.cycles());
        }
        if (schedule.trainAccuracy().isPresent()) {
            node.put("train-accuracy", schedule.trainAccuracy().getAsDouble());
        }
        if (trainingOfLast().epochs() != training.epochs()) {
            node.put("last-epochs", trainingOfLast().epochs());
        }
        if (recovery instanceof Recovery.Rewind rewind) {
            node.put("recovery", "rewind " + rewind.to());
        } else if (recovery instanceof Recovery.LearningRateRewind rewind) {
            node.put("recovery", "learning-rate-rewind " + rewind.to());
        } else if (recovery instanceof Recovery.Reinit) {
            node.put("recovery", "reinit");
        } else if (recovery instanceof Recovery.Continue) {
            node.put("recovery", "continue");
        }
        return node;
    }
}
