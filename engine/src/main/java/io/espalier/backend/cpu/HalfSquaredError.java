package io.espalier.backend.cpu;

import io.espalier.backend.HostTensors;
import io.espalier.backend.Tensor;

/** Half the squared error against the one-hot label, with its gradient. */
final class HalfSquaredError {
    void apply(Tensor a, Tensor labels, Tensor da, Tensor loss) {
        int classes = a.shape().rows();
        int batch = a.shape().columns();
        float share = 1f / batch;
        for (int r = 0; r < a.shape().members(); r++) {
            float[] outputs = Reals.of(a, r);
            float[] gradients = Reals.of(da, r);
            int[] wanted = HostTensors.ints(labels, r);
            double total = 0;
            for (int o = 0; o < classes; o++) {
                for (int b = 0; b < batch; b++) {
                    float difference = outputs[o * batch + b] - (wanted[b] == o ? 1f : 0f);
                    gradients[o * batch + b] = difference * share;
                    total += 0.5 * difference * difference;
                }
            }
            Reals.of(loss, r)[0] += (float) total;
        }
    }
}
