package io.espalier.train;

import io.espalier.backend.Backend;
import io.espalier.compress.Regrowth;
import io.espalier.compress.Saliency;
import io.espalier.compress.TrainingExamples;
import io.espalier.network.Network;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.network.Representation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a member goes on with after its mask has moved: its layers, if they are sparse, have no places for the weights that came.
 *
 * @param velocities zero where a weight came
 */
record Regrown(Parameters parameters, List<float[]> velocities) {
    /**
     * Moves a mask.
     *
     * @param before parameters and velocities up to now
     * @param batch the training examples that say what comes
     * @param share of a layer's weights that move
     * @return empty if the member has diverged
     */
    static Optional<Regrown> from(
            Backend backend,
            NetworkSpec spec,
            Regrown before,
            Member member,
            TrainingExamples training,
            int[] batch,
            double share) {
        try (Network dense = new Network(backend, spec, List.of(before.parameters), Representation.dense(spec))) {
            Saliency.Subject subject = new Saliency.Subject(backend, dense, training, member.seed(), member.step());
            return Regrowth.move(subject, batch, share)
                    .map(stayed -> new Regrown(dense.read(0), stopped(before.velocities, stayed)));
        }
    }

    private static List<float[]> stopped(List<float[]> velocities, List<byte[]> stayed) {
        List<float[]> now = new ArrayList<>(velocities);
        for (int l = 0; l < stayed.size(); l++) {
            float[] weights = velocities.get(2 * l).clone();
            for (int i = 0; i < weights.length; i++) {
                weights[i] = stayed.get(l)[i] == 0 ? 0f : weights[i];
            }
            now.set(2 * l, weights);
        }
        return now;
    }
}
