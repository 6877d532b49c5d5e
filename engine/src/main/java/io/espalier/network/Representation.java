package io.espalier.network;

import io.espalier.backend.Backend;
import io.espalier.network.Parameters.LayerParameters;
import java.util.Collections;
import java.util.List;

/**
 * Which layers train on sparse weights.
 *
 * @param sparse one a linear map, in network order
 */
public record Representation(List<Boolean> sparse) {
    public Representation {
        sparse = List.copyOf(sparse);
    }

    /** A number for every connection of every layer. */
    public static Representation dense(NetworkSpec spec) {
        return new Representation(Collections.nCopies(spec.layers(), false));
    }

    /** What the backend's fixed rule says of these masks. */
    public static Representation of(Backend backend, Parameters parameters) {
        return new Representation(parameters.layers().stream()
                .map(layer -> backend.prefersSparse(layer.outputs(), layer.inputs(), density(layer)))
                .toList());
    }

    private static double density(LayerParameters layer) {
        return (double) layer.alive() / layer.mask().length;
    }

    /** Whether any layer is sparse. */
    public boolean isSparse() {
        return sparse.contains(true);
    }
}
