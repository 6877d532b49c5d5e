package io.espalier.network;

import io.espalier.backend.WeightHash;

/** How a layer's weights and biases are stored: what a model file holds of them, whatever they become in a pass. */
public sealed interface StoreSpec {
    /** A number for every connection, which a mask may prune, and for every bias. */
    Dense DENSE = new Dense();

    /** Numbers stored for the weights of a layer of this shape. */
    int weights(int outputs, int inputs);

    /** Numbers stored for its biases. */
    default int biases(int outputs) {
        return outputs;
    }

    /** @see #DENSE */
    record Dense() implements StoreSpec {
        @Override
        public int weights(int outputs, int inputs) {
            return outputs * inputs;
        }
    }

    /**
     * Connections that fall into one bucket share its number (Chen et al. 2015).
     *
     * @param mode which keys are hashed
     * @param seed of the hash, the same for every layer
     * @param buckets K, numbers for the weights, at least 1
     * @param biasBuckets numbers for the biases; 0: biases are not hashed, which {@code NATIVE} demands
     */
    record Hashed(WeightHash.Mode mode, int seed, int buckets, int biasBuckets) implements StoreSpec {
        public Hashed {
            if (buckets < 1 || biasBuckets < 0) {
                throw new IllegalArgumentException("A hashed layer needs at least one bucket, got " + buckets
                        + " for its weights and " + biasBuckets + " for its biases");
            }
            if (mode == WeightHash.Mode.NATIVE && biasBuckets > 0) {
                throw new IllegalArgumentException("Biases are hashed in the paper's mode only");
            }
        }

        @Override
        public int weights(int outputs, int inputs) {
            return buckets;
        }

        @Override
        public int biases(int outputs) {
            return biasBuckets == 0 ? outputs : biasBuckets;
        }
    }

    /**
     * w = v' u: u (rank, inputs) random and fixed, made anew from the seed wherever it is needed; v (rank, outputs) learned and
     * stored. u is normal with variance 1 / inputs. The inputs meet the fixed factor, as in Denil et al. 2013, the baseline of
     * Chen et al. 2015.
     *
     * @param rank at least 1
     * @param seed of the fixed factor, the same for every layer
     */
    record LowRank(int rank, long seed) implements StoreSpec {
        public LowRank {
            if (rank < 1) {
                throw new IllegalArgumentException("A product has at least rank 1, got " + rank);
            }
        }

        @Override
        public int weights(int outputs, int inputs) {
            return rank * outputs;
        }
    }
}
