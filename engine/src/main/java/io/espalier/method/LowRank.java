package io.espalier.method;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.LowRankStorage;
import io.espalier.network.NetworkSpec;
import io.espalier.train.Instruction;
import io.espalier.train.TrainingSettings;
import java.util.List;
import java.util.Optional;

/**
 * Products of a fixed random factor and a learned one (Denil et al. 2013, a baseline of Chen et al. 2015).
 *
 * @param expand how many times wider the hidden layers are than those of the network that ratios count against
 */
public record LowRank(String name, FromScratch scratch, int expand) implements Method {
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
                JsonNodeFactory.instance.objectNode().put("kind", "low-rank").put("of", network.toString());
        Expansion.into(node, expand);
        return node;
    }

    private FromScratch.Small small(NetworkSpec network, CompressionRatio ratio) {
        NetworkSpec virtual = network.widenedBy(expand);
        int weights = Expansion.weights(network, virtual, ratio);
        return new FromScratch.Small(virtual, List.of(new Instruction.Initialize(LowRankStorage.of(virtual, weights))));
    }
}
