package io.espalier.network;

import io.espalier.backend.Dropout;
import io.espalier.backend.Tensor;
import java.util.List;

/**
 * Where a training pass drops units.
 *
 * @param input on the network's inputs
 * @param hidden on the outputs of every layer but the last; its stream is that of layer 0, layer l adds l
 * @param units which units the rows of each hidden layer are, (R, width, 1) I32; empty: no layer has lost any
 */
public record DropoutPlan(Dropout input, Dropout hidden, List<Tensor> units) {
    /** Evaluation. */
    public static final DropoutPlan NONE = new DropoutPlan(Dropout.NONE, Dropout.NONE);

    public DropoutPlan {
        units = List.copyOf(units);
    }

    /** Where no layer has lost units. */
    public DropoutPlan(Dropout input, Dropout hidden) {
        this(input, hidden, List.of());
    }

    Dropout after(int layer, int layers) {
        if (layer == layers - 1 || !hidden.isActive()) {
            return Dropout.NONE;
        }
        Tensor ofLayer = units.isEmpty() ? null : units.get(layer);
        return new Dropout(hidden.keys(), hidden.step(), hidden.rate(), ofLayer, hidden.stream() + layer);
    }
}
