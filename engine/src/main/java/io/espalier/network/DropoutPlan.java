package io.espalier.network;

import io.espalier.backend.Dropout;
import io.espalier.backend.Tensor;
import java.util.List;

/**
 * What a training pass does that an evaluation does not: where it drops units, and by what it normalises.
 *
 * @param input on the network's inputs
 * @param hidden on the outputs of every layer but the last; its stream is that of layer 0, layer l adds l
 * @param training whether a batch is normalised by its own moments, which then move the running ones
 * @param units which units the rows of each hidden layer are, (R, width, 1) I32; empty: no layer has lost any
 */
public record DropoutPlan(Dropout input, Dropout hidden, boolean training, List<Tensor> units) {
    /** Evaluation. */
    public static final DropoutPlan NONE = new DropoutPlan(Dropout.NONE, Dropout.NONE, false, List.of());

    public DropoutPlan {
        units = List.copyOf(units);
    }

    /** Training where no layer has lost units. */
    public DropoutPlan(Dropout input, Dropout hidden) {
        this(input, hidden, true, List.of());
    }

    Dropout after(int layer, int layers) {
        if (layer == layers - 1 || !hidden.isActive()) {
            return Dropout.NONE;
        }
        Tensor ofLayer = units.isEmpty() ? null : units.get(layer);
        return new Dropout(hidden.keys(), hidden.step(), hidden.rate(), ofLayer, hidden.stream() + layer);
    }
}
