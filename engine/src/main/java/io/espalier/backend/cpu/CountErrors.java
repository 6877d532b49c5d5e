package io.espalier.backend.cpu;

import io.espalier.backend.HostTensors;
import io.espalier.backend.Tensor;

/** Counts the columns whose largest output is not the label's. */
final class CountErrors {
    void apply(Tensor a, Tensor labels, Tensor errors) {
        int batch = a.shape().columns();
        for (int r = 0; r < a.shape().members(); r++) {
            float[] outputs = Reals.of(a, r);
            int[] wanted = HostTensors.ints(labels, r);
            int wrong = 0;
            for (int b = 0; b < batch; b++) {
                if (answer(outputs, batch, b) != wanted[b]) {
                    wrong++;
                }
            }
            HostTensors.ints(errors, r)[0] += wrong;
        }
    }

    /** The class of the largest output; -1 if one is NaN. */
    private static int answer(float[] outputs, int batch, int b) {
        int best = 0;
        for (int at = b, o = 0; at < outputs.length; at += batch, o++) {
            if (Float.isNaN(outputs[at])) {
                return -1;
            }
            if (outputs[at] > outputs[best * batch + b]) {
                best = o;
            }
        }
        return best;
    }
}
