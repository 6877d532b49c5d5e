package io.espalier.method;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.Law;
import io.espalier.compress.Scope;
import io.espalier.network.NetworkSpec;
import io.espalier.train.Instruction;
import io.espalier.train.Length;
import io.espalier.train.Program;
import io.espalier.train.Recovery;
import io.espalier.train.TrainingSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Cuts, recoveries and readouts of a pruning method, in order. */
final class Cycles {
    private final Pruning method;
    private final FromTrained trained;

    Cycles(Pruning method) {
        this.method = method;
        this.trained = method.trained();
    }

    /** Epochs of the longest row; empty where they depend on other methods. */
    Optional<Double> epochs(int stations) {
        return trained.recovery().startsAfresh()
                ? Optional.empty()
                : Optional.of((isOne() ? stations : 1) * toARatio());
    }

    /** Whether one trajectory passes all ratios, rather than each having its own. */
    private boolean isOne() {
        return !trained.schedule().perRatio() && !trained.recovery().startsAfresh();
    }

    /** Epochs from one ratio to the next, at most. */
    private double toARatio() {
        return (trained.schedule().cycles() - 1) * trained.recovery().epochs(trained.training())
                + trained.recovery().epochs(trainingOfLast());
    }

    private TrainingSettings trainingOfLast() {
        return trained.training()
                .withEpochs(trained.schedule()
                        .lastEpochs()
                        .orElse(trained.training().epochs()));
    }

    List<Trajectory> trajectories(Surroundings around) {
        List<CompressionRatio> ratios = around.ratios();
        if (trained.recovery().startsAfresh()) {
            return IntStream.range(0, ratios.size())
                    .mapToObj(i ->
                            afresh(around, ratios.subList(trained.schedule().perRatio() ? i : 0, i + 1)))
                    .toList();
        }
        return isOne()
                ? List.of(visiting(around.network(), ratios))
                : ratios.stream()
                        .map(ratio -> visiting(around.network(), List.of(ratio)))
                        .toList();
    }

    private List<Instruction> beginning() {
        List<Instruction> program = new ArrayList<>();
        program.add(new Instruction.Inherit());
        trained.distillation().ifPresent(how -> program.add(new Instruction.LearnFrom(how)));
        return program;
    }

    /** A trajectory with a readout at every ratio. */
    private Trajectory visiting(NetworkSpec network, List<CompressionRatio> visited) {
        List<Instruction> program = beginning();
        List<List<Instruction>> cuts = cuts(network, visited);
        int cycle = 0;
        for (int station = 0; station < visited.size(); station++) {
            if (trained.schedule().every().isPresent()) {
                program.addAll(oneByOne(network, visited.get(station)));
            } else {
                for (Instruction cut : cuts.get(station)) {
                    program.add(cut);
                    program.addAll(recovered(trained.recovery(), cycle++));
                }
            }
            program.add(new Instruction.TakeReadout(visited.get(station)));
        }
        return new Trajectory(
                network, trained.training(), visited, canonical(), new Program(program), visited.size() * toARatio());
    }

    /** The way to the last ratio as fine-tuning goes it; what is left there is trained from fresh weights and read out. */
    private Trajectory afresh(Surroundings around, List<CompressionRatio> visited) {
        List<Instruction> program = beginning();
        List<Instruction> cuts =
                cuts(around.network(), visited).stream().flatMap(List::stream).toList();
        int last = cuts.size() - 1;
        CompressionRatio ratio = visited.get(visited.size() - 1);
        boolean oneByOne = trained.schedule().every().isPresent();
        if (oneByOne) {
            visited.forEach(before -> program.addAll(oneByOne(around.network(), before)));
        } else {
            for (int cycle = 0; cycle < last; cycle++) {
                program.add(cuts.get(cycle));
                program.addAll(recovered(new Recovery.FineTune(), cycle));
            }
            program.add(cuts.get(last));
        }
        program.addAll(trained.recovery().after(trained.training().withEpochs(around.longestEpochs()), last));
        program.add(new Instruction.TakeReadout(ratio));
        ObjectNode canonical = canonical().put("epochs-afresh", around.longestEpochs());
        if (visited.size() > 1) {
            ArrayNode passed = canonical.putArray("passed");
            visited.subList(0, visited.size() - 1).forEach(before -> passed.add(before.toString()));
        }
        return new Trajectory(
                around.network(),
                trained.training(),
                List.of(ratio),
                canonical,
                new Program(program),
                (oneByOne ? visited.size() : last) * trained.training().epochs() + around.longestEpochs());
    }

    /** A cycle in which units go one by one, and at its end what is still too much. */
    private List<Instruction> oneByOne(NetworkSpec network, CompressionRatio ratio) {
        int left = left(network, ratio);
        Length until = Length.epochs(trained.training().epochs());
        return List.of(
                new Instruction.StartPhase(trained.training(), Length.epochs(0), false),
                method.losing(trained.schedule().every().orElseThrow(), until, left),
                method.cut(left));
    }

    /** The cuts that lead to each ratio. */
    private List<List<Instruction>> cuts(NetworkSpec network, List<CompressionRatio> visited) {
        List<List<Instruction>> cuts = new ArrayList<>();
        int uncut = method.uncut(network);
        int left = uncut;
        for (CompressionRatio ratio : visited) {
            int target = left(network, ratio);
            cuts.add(IntStream.of(trained.schedule()
                            .law()
                            .aliveAfter(trained.schedule().cycles(), left, target, uncut))
                    .mapToObj(method::cut)
                    .toList());
            left = target;
        }
        return cuts;
    }

    private int left(NetworkSpec network, CompressionRatio ratio) {
        try {
            return method.left(network, ratio);
        } catch (IllegalArgumentException e) {
            throw new UnreachableRatioException(ratio, e.getMessage() + ". Lower the ratio.");
        }
    }

    private List<Instruction> recovered(Recovery recovery, int cycle) {
        if ((cycle + 1) % trained.schedule().cycles() == 0) {
            return recovery.after(trainingOfLast(), cycle);
        }
        return recovery.after(trained.training(), cycle).stream()
                .map(instruction ->
                        instruction instanceof Instruction.Train train ? untilTheNextCut(train) : instruction)
                .toList();
    }

    private Instruction untilTheNextCut(Instruction.Train train) {
        return trained.schedule().trainAccuracy().isPresent()
                ? new Instruction.TrainToAccuracy(
                        trained.schedule().trainAccuracy().getAsDouble(), train.until())
                : train;
    }

    private ObjectNode canonical() {
        SparsitySchedule schedule = trained.schedule();
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("kind", method.kind());
        method.identify(node);
        if (trained.scope() != Scope.GLOBAL) {
            node.put("scope", trained.scope().key());
        }
        if (schedule.law() != Law.GEOMETRIC) {
            node.put("law", schedule.law().key());
        }
        if (schedule.cycles() != 1) {
            node.put("cycles", schedule.cycles());
        }
        schedule.every().ifPresent(every -> node.put("every", every.toString()));
        if (schedule.trainAccuracy().isPresent()) {
            node.put("train-accuracy", schedule.trainAccuracy().getAsDouble());
        }
        if (trainingOfLast().epochs() != trained.training().epochs()) {
            node.put("last-epochs", trainingOfLast().epochs());
        }
        recovery(node);
        trained.distillation().ifPresent(how -> Teacher.identify(how, node));
        return node;
    }

    private void recovery(ObjectNode node) {
        if (trained.recovery() instanceof Recovery.Rewind rewind) {
            node.put("recovery", "rewind " + rewind.to());
        } else if (trained.recovery() instanceof Recovery.LearningRateRewind rewind) {
            node.put("recovery", "learning-rate-rewind " + rewind.to());
        } else if (trained.recovery() instanceof Recovery.Reinit) {
            node.put("recovery", "reinit");
        } else if (trained.recovery() instanceof Recovery.Scratch) {
            node.put("recovery", "scratch");
        } else if (trained.recovery() instanceof Recovery.Continue) {
            node.put("recovery", "continue");
        }
    }
}
