package io.espalier.train;

import io.espalier.network.Parameters;
import java.util.ArrayList;
import java.util.List;

/**
 * What a member goes on with once the network of its cohort has no place for it: units are gone, or sparse layers lack the weights
 * that came.
 *
 * @param velocities in the form of the parameters
 */
record Successor(Parameters parameters, List<float[]> velocities) {
    /** Fewer units, at rest. */
    static Successor atRest(Parameters parameters) {
        return new Successor(
                parameters,
                parameters.values().stream()
                        .map(values -> new float[values.length])
                        .toList());
    }

    /**
     * Other weights of the same number.
     *
     * @param velocities up to now
     * @param stayed 1 for each weight of a layer that was there before; those that came begin at rest
     */
    static Successor regrown(Parameters parameters, List<float[]> velocities, List<byte[]> stayed) {
        List<float[]> now = new ArrayList<>(velocities);
        for (int l = 0; l < stayed.size(); l++) {
            float[] weights = velocities.get(parameters.weightIndex(l)).clone();
            for (int i = 0; i < weights.length; i++) {
                weights[i] = stayed.get(l)[i] == 0 ? 0f : weights[i];
            }
            now.set(parameters.weightIndex(l), weights);
        }
        return new Successor(parameters, now);
    }
}
