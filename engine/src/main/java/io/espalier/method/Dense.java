package io.espalier.method;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.train.Instruction;
import io.espalier.train.Length;
import io.espalier.train.Program;
import io.espalier.train.TrainingSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The uncompressed control, and the parent of methods that start from trained weights. */
public record Dense(String name, TrainingSettings training) implements Method {
    @Override
    public Optional<Double> ownEpochs(int stations) {
        return Optional.of((double) training.epochs());
    }

    @Override
    public List<Trajectory> trajectories(Surroundings around) {
        List<Instruction> program = new ArrayList<>();
        program.add(new Instruction.Initialize());
        program.add(new Instruction.StartPhase(training, Length.epochs(0), false));
        for (Length at : around.rewindPoints()) {
            program.add(new Instruction.Train(at));
            program.add(new Instruction.TakeSnapshot(at));
        }
        program.add(new Instruction.Train(Length.epochs(training.epochs())));
        CompressionRatio one = new CompressionRatio(1);
        program.add(new Instruction.TakeReadout(one));
        return List.of(new Trajectory(
                around.network(),
                training,
                List.of(one),
                canonical(around.rewindPoints()),
                new Program(program),
                training.epochs()));
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
