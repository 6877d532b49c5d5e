package io.espalier.method;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.network.NetworkSpec;
import io.espalier.train.Instruction;
import io.espalier.train.TrainingSettings;
import java.util.List;
import java.util.Optional;

/** A narrower dense network trained from scratch. */
public record EqualSize(String name, FromScratch scratch) implements Method {
    @Override
    public TrainingSettings training() {
        return scratch.training();
    }

    @Override
    public List<CompressionRatio> ratios() {
        return scratch.ratios();
    }

    @Override
    public Optional<String> from() {
        return scratch.from();
    }

    @Override
    public Optional<Double> ownEpochs(int stations) {
        return scratch.ownEpochs();
    }

    @Override
    public List<Trajectory> trajectories(Surroundings around) {
        return scratch.trajectories(name, around, canonical(around.network()), ratio -> small(around.network(), ratio));
    }

    private ObjectNode canonical(NetworkSpec network) {
        ObjectNode node =
                JsonNodeFactory.instance.objectNode().put("kind", "equal-size").put("of", network.toString());
        return node;
    }

    private static FromScratch.Small small(NetworkSpec network, CompressionRatio ratio) {
        return new FromScratch.Small(
                network.narrowedTo(ratio.parameters(network)), List.of(new Instruction.Initialize()));
    }
}
