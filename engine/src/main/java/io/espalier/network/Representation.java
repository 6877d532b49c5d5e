package io.espalier.network;

import io.espalier.backend.Backend;
import io.espalier.backend.WeightHash;
import io.espalier.network.Parameters.LayerParameters;
import java.util.Collections;
import java.util.List;

/**
 * On what the layers train. Members of one cohort share it; how many buckets or which rank they have does not matter.
 *
 * @param layers one a linear map, in network order
 */
public record Representation(List<Form> layers) {
    private static final Form DENSE = new Form.Dense();
    private static final Form SPARSE = new Form.Sparse();
    private static final Form LOW_RANK = new Form.LowRank();

    /** On what one layer trains. */
    public sealed interface Form {
        /** Whether a layer that is stored in this way can train so. */
        boolean takes(StoreSpec store);

        /** A number for every connection, and a mask. */
        record Dense() implements Form {
            @Override
            public boolean takes(StoreSpec store) {
                return hasAllWeights(store);
            }
        }

        /** Numbers for the connections that are alive. */
        record Sparse() implements Form {
            @Override
            public boolean takes(StoreSpec store) {
                return hasAllWeights(store);
            }
        }

        /** Numbers in buckets. */
        record Hashed(WeightHash.Mode mode, int seed, boolean hashedBiases) implements Form {
            @Override
            public boolean takes(StoreSpec store) {
                return store instanceof StoreSpec.Hashed hashed && equals(of(hashed));
            }

            static Hashed of(StoreSpec.Hashed store) {
                return new Hashed(store.mode(), store.seed(), store.biasBuckets() > 0);
            }
        }

        /** A fixed and a learned factor. */
        record LowRank() implements Form {
            @Override
            public boolean takes(StoreSpec store) {
                return store instanceof StoreSpec.LowRank;
            }
        }

        /**
         * Entries that weights share.
         *
         * @param sparse whether some weights are pruned
         */
        record Codebook(boolean sparse) implements Form {
            @Override
            public boolean takes(StoreSpec store) {
                return store instanceof StoreSpec.Codebook codebook && equals(of(codebook));
            }

            static Codebook of(StoreSpec.Codebook store) {
                Assignment assignment = store.assignment();
                return new Codebook(assignment.entries().length < assignment.alive().length);
            }
        }

        private static boolean hasAllWeights(StoreSpec store) {
            return store instanceof StoreSpec.Dense
                    || store instanceof StoreSpec.Linear
                    || store instanceof StoreSpec.Half;
        }
    }

    public Representation {
        layers = List.copyOf(layers);
    }

    /** A number for every connection of every layer. */
    public static Representation dense(NetworkSpec spec) {
        return new Representation(Collections.nCopies(spec.layers(), DENSE));
    }

    /** As the parameters are stored; of dense ones the backend's fixed rule says which have become sparse. */
    public static Representation of(Backend backend, Parameters parameters) {
        return new Representation(
                parameters.layers().stream().map(layer -> form(backend, layer)).toList());
    }

    private static Form form(Backend backend, LayerParameters layer) {
        if (layer.store() instanceof StoreSpec.Hashed hashed) {
            return Form.Hashed.of(hashed);
        }
        if (layer.store() instanceof StoreSpec.LowRank) {
            return LOW_RANK;
        }
        if (layer.store() instanceof StoreSpec.Codebook codebook) {
            return Form.Codebook.of(codebook);
        }
        double density = (double) layer.alive() / layer.mask().length;
        return backend.prefersSparse(layer.outputs(), layer.inputs(), density) ? SPARSE : DENSE;
    }

    /** Whether any layer is sparse. */
    public boolean isSparse() {
        return layers.contains(SPARSE);
    }
}
