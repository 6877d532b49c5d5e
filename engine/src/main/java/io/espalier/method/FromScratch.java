package io.espalier.method;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.network.NetworkSpec;
import io.espalier.train.Instruction;
import io.espalier.train.Length;
import io.espalier.train.Program;
import io.espalier.train.TrainingSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * What methods have in common that train a small network from its initialisation, one trajectory a ratio.
 *
 * @param training settings; their epochs do not count
 * @param epochs how long; empty: as long as the longest pruned row of the study
 * @param ratios where it is read out, ascending; empty: at the study's ratios
 * @param teacher whom it learns from beside the labels, if anybody (dark knowledge)
 */
public record FromScratch(
        TrainingSettings training, OptionalInt epochs, List<CompressionRatio> ratios, Optional<Teacher> teacher) {
    /** Without a teacher. */
    public FromScratch(TrainingSettings training, OptionalInt epochs, List<CompressionRatio> ratios) {
        this(training, epochs, ratios, Optional.empty());
    }

    Optional<String> from() {
        return teacher.map(Teacher::method);
    }

    Optional<Double> ownEpochs() {
        return epochs.isPresent() ? Optional.of((double) epochs.getAsInt()) : Optional.empty();
    }

    /** How one ratio's network comes to be. */
    interface Beginning {
        /** @throws IllegalArgumentException if there is no such network */
        Small at(CompressionRatio ratio);
    }

    /**
     * A network and the instructions that initialise it.
     *
     * @param network its shape
     * @param training how it trains up to a point of its schedule
     */
    record Small(NetworkSpec network, List<Instruction> initialize, Function<Length, Instruction.Training> training) {
        Small(NetworkSpec network, List<Instruction> initialize) {
            this(network, initialize, Instruction.Train::new);
        }
    }

    List<Trajectory> trajectories(String name, Surroundings around, ObjectNode canonical, Beginning beginning) {
        TrainingSettings settings = training.withEpochs(epochs.orElse(around.longestEpochs()));
        teacher.ifPresent(whom -> whom.into(canonical));
        List<Trajectory> trajectories = new ArrayList<>();
        for (CompressionRatio ratio : around.ratios()) {
            Small small = beginning(name, ratio, beginning);
            List<Instruction> program = new ArrayList<>(small.initialize());
            teacher.ifPresent(whom -> program.add(new Instruction.LearnFrom(whom.distillation())));
            program.add(new Instruction.StartPhase(settings, Length.epochs(0), false));
            program.add(small.training().apply(Length.epochs(settings.epochs())));
            program.add(new Instruction.TakeReadout(ratio));
            trajectories.add(new Trajectory(
                    small.network(), settings, List.of(ratio), canonical, new Program(program), settings.epochs()));
        }
        return trajectories;
    }

    private static Small beginning(String name, CompressionRatio ratio, Beginning beginning) {
        try {
            return beginning.at(ratio);
        } catch (IllegalArgumentException e) {
            throw new UnreachableRatioException(
                    ratio, e.getMessage() + ". Lower ratio " + ratio + " or leave out `" + name + "`.");
        }
    }
}
