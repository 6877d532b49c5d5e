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

    /** Weights that ratios and sparsities count, pruned ones included: the stored numbers, unless each stands for many. */
    default int counted(int outputs, int inputs) {
        return weights(outputs, inputs);
    }

    /** Of those the ones that are alive, if so many of the stored numbers are. */
    default int countedAlive(int stored) {
        return stored;
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

    /** Weights in fewer bits than a float has. What a ratio counts is weights; the bits that they take are counted in bytes. */
    sealed interface Quantised extends StoreSpec {}

    /**
     * Every weight is an entry of a codebook. Stored are the entries, as what is trained, and which one each weight has; a ratio
     * counts the latter, as a number is stored for every weight that is alive.
     *
     * @param entries size of the codebook
     */
    record Codebook(int entries, Assignment assignment) implements Quantised {
        public Codebook {
            for (int entry : assignment.entries()) {
                if (entry < 0 || entry >= entries) {
                    throw new IllegalArgumentException(
                            "A weight takes entry " + entry + " of a codebook of " + entries);
                }
            }
        }

        @Override
        public int weights(int outputs, int inputs) {
            return entries;
        }

        @Override
        public int counted(int outputs, int inputs) {
            return assignment.alive().length;
        }

        @Override
        public int countedAlive(int stored) {
            return assignment.entries().length;
        }
    }

    /**
     * A number for every connection, as with {@link Dense}; each is a whole multiple of a step, from -most to most.
     *
     * @param bits of a multiple, 2 to 16
     */
    record Linear(int bits, float step) implements Quantised {
        public Linear {
            if (bits < 2 || bits > 16 || !(step > 0) || Float.isInfinite(step)) {
                throw new IllegalArgumentException(
                        "Multiples of a positive step have 2 to 16 bits, not " + bits + " of " + step);
            }
        }

        /** The largest multiple: 2^(bits - 1) - 1. */
        public int most() {
            return (1 << bits - 1) - 1;
        }

        /** The weight that a multiple stands for. */
        public float weight(int multiple) {
            return (float) ((double) multiple * step);
        }

        /** The multiple nearest to a weight, of two equally near the even one. */
        public int multiple(float weight) {
            return (int) Math.max(-most(), Math.min(most(), Math.rint((double) weight / step)));
        }

        @Override
        public int weights(int outputs, int inputs) {
            return outputs * inputs;
        }
    }

    /** A number for every connection, as with {@link Dense}; each, and each bias, is one that half precision has. */
    record Half() implements Quantised {
        @Override
        public int weights(int outputs, int inputs) {
            return outputs * inputs;
        }
    }
}
