package io.espalier.method;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.network.NetworkSpec;
import io.espalier.train.TrainingSettings;
import java.util.List;
import java.util.Optional;

/** A method that makes the small network first and then trains it: which one, each says for itself. */
sealed interface SmallNetwork extends Method
        permits EqualSize, Hashed, LowRank, Profile, PruneAtInitialization, RandomEdges, Rigl {
    /** What all of them have. */
    FromScratch scratch();

    /** Its kind in canonical texts. */
    String kind();

    /** Adds to a canonical text the options that are not at their default. */
    void identify(ObjectNode canonical);

    /**
     * The network of a ratio.
     *
     * @throws IllegalArgumentException if there is none
     */
    FromScratch.Small small(NetworkSpec network, CompressionRatio ratio);

    @Override
    default TrainingSettings training() {
        return scratch().training();
    }

    @Override
    default List<CompressionRatio> ratios() {
        return scratch().ratios();
    }

    @Override
    default Optional<String> from() {
        return scratch().from();
    }

    @Override
    default void requireFits(NetworkSpec network) {
        scratch().teacher().ifPresent(teacher -> teacher.distillation().requireFits(network));
    }

    @Override
    default Optional<Double> ownEpochs(int stations) {
        return scratch().ownEpochs();
    }

    @Override
    default List<Trajectory> trajectories(Surroundings around) {
        ObjectNode canonical = JsonNodeFactory.instance
                .objectNode()
                .put("kind", kind())
                .put("of", around.network().toString());
        identify(canonical);
        return scratch().trajectories(name(), around, canonical, ratio -> small(around.network(), ratio));
    }
}
