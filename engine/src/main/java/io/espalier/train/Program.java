package io.espalier.train;

import io.espalier.compress.CompressionRatio;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a member does from beginning to end.
 *
 * @param instructions the first, and no other, says with which weights it starts; where nothing is trained it may be missing
 */
public record Program(List<Instruction> instructions) {
    public Program {
        instructions = List.copyOf(instructions);
        boolean starts = !instructions.isEmpty() && instructions.get(0) instanceof Instruction.Start;
        long starting = instructions.stream()
                .filter(Instruction.Start.class::isInstance)
                .count();
        boolean trains = instructions.stream().anyMatch(Instruction.Training.class::isInstance);
        if (starting > (starts ? 1 : 0) || trains && !starts) {
            throw new IllegalArgumentException("A program starts once and first, not as in " + instructions);
        }
    }

    /** How it starts, if it does. */
    public Optional<Instruction.Start> start() {
        return instructions.stream()
                .limit(1)
                .filter(Instruction.Start.class::isInstance)
                .map(Instruction.Start.class::cast)
                .findFirst();
    }

    /** Whether its steps go on from its parent's, whose weights it starts with. */
    public boolean inherits() {
        return start().filter(Instruction.Start::inherits).isPresent();
    }

    /** The only readout of its parent that it can start from; empty if it starts from the last, whichever that is, or from none. */
    public Optional<CompressionRatio> startsAt() {
        return start().filter(Instruction.Quantise.class::isInstance).map(start -> ((Instruction.Quantise) start).at());
    }

    /** Whether its parent is its teacher. */
    public boolean hasTeacher() {
        return instructions.stream().anyMatch(Instruction.LearnFrom.class::isInstance);
    }

    /** Epochs that the schedule of the phase spans in which a ratio is read out; 0 where nothing is trained. */
    public int scheduleEpochs(CompressionRatio ratio) {
        int epochs = 0;
        for (Instruction instruction : instructions) {
            if (instruction instanceof Instruction.StartPhase phase) {
                epochs = phase.settings().epochs();
            } else if (instruction instanceof Instruction.TakeReadout readout
                    && readout.target().equals(ratio)) {
                return epochs;
            }
        }
        throw new IllegalArgumentException("Nothing is read out at ratio " + ratio);
    }

    /** The same without a look at a part of the data when something is read out. */
    public Program without(Part part) {
        return new Program(instructions.stream()
                .map(instruction -> instruction.without(part))
                .toList());
    }

    /**
     * The same, reporting the weights after a number of epochs that has been chosen: each readout comes at that epoch of its
     * phase, after which the phase goes on to its end; nothing is trained after the last readout.
     *
     * @param epochs for each ratio; in full where there is none
     */
    public Program reportingAt(Map<CompressionRatio, Integer> epochs) {
        List<Instruction> changed = new ArrayList<>();
        for (Instruction instruction : instructions) {
            if (instruction instanceof Instruction.StartPhase phase) {
                changed.add(new Instruction.StartPhase(
                        phase.settings().reportingLast(),
                        phase.from(),
                        phase.keepVelocity(),
                        phase.sinceInitialization()));
            } else if (instruction instanceof Instruction.TakeReadout readout
                    && epochs.containsKey(readout.target())
                    && changed.get(changed.size() - 1) instanceof Instruction.Training inFull) {
                changed.set(changed.size() - 1, inFull.endingAt(Length.epochs(epochs.get(readout.target()))));
                changed.add(readout);
                changed.add(inFull);
            } else {
                changed.add(instruction);
            }
        }
        while (changed.get(changed.size() - 1) instanceof Instruction.Training) {
            changed.remove(changed.size() - 1);
        }
        return new Program(changed);
    }
}
