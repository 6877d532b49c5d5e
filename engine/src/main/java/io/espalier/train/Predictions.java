package io.espalier.train;

import io.espalier.backend.Backend;
import io.espalier.network.DropoutPlan;
import io.espalier.network.Network;
import io.espalier.network.Pass;

/** The class that a network of one member gives each example of a part, without dropout. */
public final class Predictions {
    private static final int BATCH = 500;

    private Predictions() {}

    /** Classes in file order; of equal outputs the lower class; -1 where an output is not a number. */
    public static int[] of(Backend backend, Network network, DataParts data, Part part) {
        int count = data.count(part);
        int[] classes = new int[count];
        for (int done = 0; done < count; done += BATCH) {
            int batch = Math.min(BATCH, count - done);
            int[] indices = new int[batch];
            int first = data.first(part) + done;
            java.util.Arrays.setAll(indices, i -> first + i);
            try (Pass pass = network.pass(batch)) {
                backend.write(pass.indices(), 0, indices);
                backend.gather(data.pixels(part), pass.indices(), pass.inputs());
                network.forward(pass, DropoutPlan.NONE);
                double[] outputs = backend.doubles(pass.outputs(), 0);
                for (int b = 0; b < batch; b++) {
                    classes[done + b] = largest(outputs, b, batch);
                }
            }
        }
        return classes;
    }

    private static int largest(double[] outputs, int column, int columns) {
        int best = 0;
        for (int at = column; at < outputs.length; at += columns) {
            if (Double.isNaN(outputs[at])) {
                return -1;
            }
            if (outputs[at] > outputs[best * columns + column]) {
                best = at / columns;
            }
        }
        return best;
    }
}
