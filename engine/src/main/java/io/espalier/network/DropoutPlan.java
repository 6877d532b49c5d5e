package io.espalier.network;

import io.espalier.backend.Dropout;

/**
 * Where a training pass drops units.
 *
 * @param input on the network's inputs
 * @param hidden on the outputs of every layer but the last; its stream is that of layer 0, layer l adds l
 */
public record DropoutPlan(Dropout input, Dropout hidden) {
    /** Evaluation. */
    public static final DropoutPlan NONE = new DropoutPlan(Dropout.NONE, Dropout.NONE);

    Dropout after(int layer, int layers) {
        if (layer == layers - 1 || !hidden.isActive()) {
            return Dropout.NONE;
        }
        return new Dropout(hidden.keys(), hidden.step(), hidden.rate(), hidden.stream() + layer);
    }
}
