package io.espalier.method;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.backend.WeightHash;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.HashedStorage;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Storage;
import io.espalier.train.Instruction;
import io.espalier.train.TrainingSettings;
import java.util.List;
import java.util.Optional;

/**
 * Weights that share the numbers of hash buckets (Chen et al. 2015).
 *
 * @param mode which keys are hashed, and how buckets are counted
 * @param hashBiases whether biases are hashed too; the paper's mode only
 * @param expand how many times wider the hidden layers are than those of the network that ratios count against: the same
 *     storage inflated (the paper's expansion experiment)
 */
public record Hashed(String name, FromScratch scratch, WeightHash.Mode mode, boolean hashBiases, int expand)
        implements Method {
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
                JsonNodeFactory.instance.objectNode().put("kind", "hashed").put("of", network.toString());
        Expansion.into(node, expand);
        if (mode == WeightHash.Mode.PAPER) {
            node.put("mode", "paper").put("hash-biases", hashBiases);
        }
        return node;
    }

    private FromScratch.Small small(NetworkSpec network, CompressionRatio ratio) {
        NetworkSpec virtual = network.widenedBy(expand);
        return new FromScratch.Small(virtual, List.of(new Instruction.Initialize(storage(network, virtual, ratio))));
    }

    private Storage storage(NetworkSpec network, NetworkSpec virtual, CompressionRatio ratio) {
        if (mode == WeightHash.Mode.NATIVE) {
            return HashedStorage.of(virtual, Expansion.weights(network, virtual, ratio));
        }
        double inflated = ratio.value() * virtual.parameters() / network.parameters();
        return HashedStorage.asPublished(virtual, new CompressionRatio(inflated), hashBiases);
    }
}
