package io.espalier.method;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.Quantizer;
import io.espalier.train.Instruction;
import io.espalier.train.Length;
import io.espalier.train.Program;
import io.espalier.train.TrainingSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts the weights of dense or pruned networks into fewer bits; a codebook may be trained afterwards (Han et al. 2016). Each of the
 * parent's rows gives one, at the same ratio: ratios count weights, and there are as many as before.
 *
 * @param training of the codebook; no epochs: none
 * @param parent name of the dense or pruning method whose rows it quantises
 */
public record Quantise(
        String name, TrainingSettings training, Quantizer to, String parent, List<CompressionRatio> ratios)
        implements Method {
    public Quantise {
        if (training.epochs() > 0 && !(to instanceof Quantizer.Codebook)) {
            throw new IllegalArgumentException(
                    "Only the entries of a codebook can be trained, not weights of " + to.name());
        }
    }

    @Override
    public Optional<String> from() {
        return Optional.of(parent);
    }

    @Override
    public Optional<Double> ownEpochs(int stations) {
        return Optional.of((double) training.epochs());
    }

    @Override
    public List<Trajectory> trajectories(Surroundings around) {
        return around.ratios().stream()
                .map(ratio -> new Trajectory(
                        around.network(),
                        training,
                        List.of(ratio),
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("kind", "quantise")
                                .put("to", to.name()),
                        program(ratio),
                        training.epochs()))
                .toList();
    }

    private Program program(CompressionRatio ratio) {
        List<Instruction> program = new ArrayList<>();
        program.add(new Instruction.Quantise(ratio, to));
        if (training.epochs() > 0) {
            program.add(new Instruction.StartPhase(training, Length.epochs(0), false));
            program.add(new Instruction.Train(Length.epochs(training.epochs())));
        }
        program.add(new Instruction.TakeReadout(ratio));
        return new Program(program);
    }
}
