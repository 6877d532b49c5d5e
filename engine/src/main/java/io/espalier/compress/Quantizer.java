package io.espalier.compress;

import io.espalier.coding.Binary16;
import io.espalier.network.Assignment;
import io.espalier.network.Parameters;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.network.StoreSpec;
import java.util.Arrays;

/**
 * Puts the weights of dense layers, each layer by itself, into fewer bits. Pruned ones stay pruned; biases stay as they are, but in
 * half precision.
 */
public sealed interface Quantizer {
    /** In how few bits, as it stands in canonical texts: {@code linear 8}, {@code half}, {@code codebook 5}. */
    String name();

    /** One layer, whose weights are finite and stored densely. */
    LayerParameters layer(LayerParameters dense);

    /**
     * All layers.
     *
     * @throws IllegalArgumentException if a layer is not stored densely, or a weight is not a number to be rounded
     */
    default Parameters quantised(Parameters parameters) {
        for (LayerParameters layer : parameters.layers()) {
            if (!(layer.store() instanceof StoreSpec.Dense)) {
                throw new IllegalArgumentException(
                        "Only dense layers can be quantised, not one stored as " + layer.store());
            }
            for (float weight : layer.weight()) {
                if (!Float.isFinite(weight)) {
                    throw new IllegalArgumentException("A weight of " + weight + " cannot be quantised");
                }
            }
        }
        return new Parameters(parameters.layers().stream().map(this::layer).toList(), parameters.norms());
    }

    /**
     * Whole multiples of a step: the largest absolute weight over 2^(bits - 1) - 1, so that they reach as far on both sides and zero is
     * one of them. Halves go to the even multiple.
     *
     * @param bits of a multiple, 2 to 16
     */
    record Linear(int bits) implements Quantizer {
        public Linear {
            if (bits < 2 || bits > 16) {
                throw new IllegalArgumentException("Linear quantisation has 2 to 16 bits, got " + bits);
            }
        }

        @Override
        public String name() {
            return "linear " + bits;
        }

        @Override
        public LayerParameters layer(LayerParameters dense) {
            float largest = 0;
            for (float weight : dense.weight()) {
                largest = Math.max(largest, Math.abs(weight));
            }
            float step = (float) ((double) largest / ((1 << bits - 1) - 1));
            StoreSpec.Linear store = new StoreSpec.Linear(bits, Math.max(step, Float.MIN_VALUE));
            float[] weights = new float[dense.weight().length];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = store.weight(store.multiple(dense.weight()[i]));
            }
            return new LayerParameters(dense.outputs(), dense.inputs(), store, weights, dense.mask(), dense.bias());
        }
    }

    /** The nearest number of half precision, for biases too; beyond 65504 infinity. */
    record Half() implements Quantizer {
        @Override
        public String name() {
            return "half";
        }

        @Override
        public LayerParameters layer(LayerParameters dense) {
            LayerParameters rounded = dense.withValues(rounded(dense.weight()), rounded(dense.bias()));
            return new LayerParameters(
                    dense.outputs(),
                    dense.inputs(),
                    new StoreSpec.Half(),
                    rounded.weight(),
                    dense.mask(),
                    rounded.bias());
        }

        private static float[] rounded(float[] values) {
            float[] halves = new float[values.length];
            for (int i = 0; i < halves.length; i++) {
                halves[i] = Binary16.toFloat(Binary16.of(values[i]));
            }
            return halves;
        }
    }

    /**
     * Weights that are alive share the centroids of a k-means clustering (Han et al. 2016, section 3); see {@link KMeans}. What is
     * shared can be trained afterwards.
     *
     * @param bits of an entry's number, 1 to 8: at most 2^bits centroids
     */
    record Codebook(int bits) implements Quantizer {
        public Codebook {
            if (bits < 1 || bits > 8) {
                throw new IllegalArgumentException("Entries of a codebook have 1 to 8 bits, got " + bits);
            }
        }

        @Override
        public String name() {
            return "codebook " + bits;
        }

        @Override
        public LayerParameters layer(LayerParameters dense) {
            float[] alive = new float[dense.alive()];
            int next = 0;
            for (int i = 0; i < dense.mask().length; i++) {
                if (dense.mask()[i] != 0) {
                    alive[next++] = dense.weight()[i];
                }
            }
            KMeans clusters = KMeans.of(alive, 1 << bits);
            int entries = clusters.centroids().length;
            byte[] ones = new byte[entries];
            Arrays.fill(ones, (byte) 1);
            return new LayerParameters(
                    dense.outputs(),
                    dense.inputs(),
                    new StoreSpec.Codebook(entries, new Assignment(dense.mask(), clusters.assignment())),
                    clusters.centroids(),
                    ones,
                    dense.bias());
        }
    }
}
