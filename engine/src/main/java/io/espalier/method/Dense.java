package io.espalier.method;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.train.Instruction;
import io.espalier.train.Length;
import io.espalier.train.Program;
import io.espalier.train.TrainingSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The uncompressed control, and the parent of methods that start from trained weights.
 *
 * @param file of weights that were trained elsewhere; empty: they are trained here
 */
public record Dense(String name, TrainingSettings training, Optional<Path> file) implements Method {
    private static final CompressionRatio ONE = new CompressionRatio(1);

    /** One that is trained. */
    public Dense(String name, TrainingSettings training) {
        this(name, training, Optional.empty());
    }

    @Override
    public Optional<Double> ownEpochs(int stations) {
        return Optional.of(file.isPresent() ? 0.0 : training.epochs());
    }

    @Override
    public List<Trajectory> trajectories(Surroundings around) {
        return List.of(file.isPresent() ? read(around, file.get()) : trained(around));
    }

    private Trajectory read(Surroundings around, Path file) {
        return new Trajectory(
                around.network(),
                training,
                List.of(ONE),
                JsonNodeFactory.instance.objectNode().put("kind", "dense").put("file", file.toString()),
                new Program(List.of(new Instruction.Load(file), new Instruction.TakeReadout(ONE))),
                0);
    }

    private Trajectory trained(Surroundings around) {
        List<Instruction> program = new ArrayList<>();
        program.add(new Instruction.Initialize());
        program.add(new Instruction.StartPhase(training, Length.epochs(0), false));
        for (Length at : around.rewindPoints()) {
            program.add(new Instruction.Train(at));
            program.add(new Instruction.TakeSnapshot(at));
        }
        program.add(new Instruction.Train(Length.epochs(training.epochs())));
        program.add(new Instruction.TakeReadout(ONE));
        return new Trajectory(
                around.network(),
                training,
                List.of(ONE),
                canonical(around.rewindPoints()),
                new Program(program),
                training.epochs());
    }

    private static ObjectNode canonical(List<Length> snapshots) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("kind", "dense");
        if (!snapshots.isEmpty()) {
            ArrayNode list = node.putArray("snapshots");
            snapshots.forEach(at -> list.add(at.toString()));
        }
        return node;
    }
}
