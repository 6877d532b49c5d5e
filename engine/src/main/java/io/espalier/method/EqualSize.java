package io.espalier.method;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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

/**
 * A narrower dense network trained from scratch.
 *
 * @param epochs how long; empty: as long as the longest pruned row of the study
 */
public record EqualSize(String name, TrainingSettings training, OptionalInt epochs, List<CompressionRatio> ratios)
        implements Method {
    @Override
    public Optional<Double> ownEpochs(int stations) {
        return epochs.isPresent() ? Optional.of((double) epochs.getAsInt()) : Optional.empty();
    }

    @Override
    public List<Trajectory> trajectories(Surroundings around) {
        TrainingSettings settings = training.withEpochs(epochs.orElse(around.longestEpochs()));
        ObjectNode canonical = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "equal-size")
                .put("of", around.network().toString());
        List<Trajectory> trajectories = new ArrayList<>();
        for (CompressionRatio ratio : around.ratios()) {
            Program program = new Program(List.of(
                    new Instruction.Initialize(),
                    new Instruction.StartPhase(settings, Length.epochs(0), false),
                    new Instruction.Train(Length.epochs(settings.epochs())),
                    new Instruction.TakeReadout(ratio)));
            trajectories.add(new Trajectory(
                    narrowed(around.network(), ratio),
                    settings,
                    List.of(ratio),
                    canonical,
                    program,
                    settings.epochs()));
        }
        return trajectories;
    }

    private NetworkSpec narrowed(NetworkSpec network, CompressionRatio ratio) {
        try {
            return network.narrowedTo(ratio.parameters(network));
        } catch (IllegalArgumentException e) {
            throw new UnreachableRatioException(
                    ratio, e.getMessage() + ". Lower ratio " + ratio + " or leave out `" + name + "`.");
        }
    }
}
