package io.espalier.train;

import io.espalier.backend.Backend;
import io.espalier.network.Network;

/** The class that a network of one member gives each example of a part, without dropout. */
public final class Predictions {
    private Predictions() {}

    /** Classes in file order; of equal outputs the lower class; -1 where an output is not a number. */
    public static int[] of(Backend backend, Network network, DataParts data, Part part) {
        double[] logits = Logits.of(backend, network, data, part, () -> {});
        int[] classes = new int[data.count(part)];
        java.util.Arrays.setAll(classes, example -> largest(logits, example, classes.length));
        return classes;
    }

    private static int largest(double[] logits, int example, int examples) {
        int best = 0;
        for (int at = example; at < logits.length; at += examples) {
            if (Double.isNaN(logits[at])) {
                return -1;
            }
            if (logits[at] > logits[best * examples + example]) {
                best = at / examples;
            }
        }
        return best;
    }
}
