package io.espalier.backend.cpu;

import io.espalier.backend.HostTensors;
import io.espalier.backend.Tensor;

/** Softmax cross-entropy with labels and with a teacher, and its gradient. */
final class Distillation {
    private final Softmax hard = new Softmax();
    private final Softmax soft = new Softmax();
    private final Softmax taught = new Softmax();

    /** Softmax of scaled logits, and the logarithm of each column's normaliser. */
    private static final class Softmax {
        private float[] shares = new float[0];
        private double[] normalisers = new double[0];

        void of(float[] logits, float scale, int classes, int batch) {
            int count = Lanes.padded(classes * batch);
            if (shares.length < count) {
                shares = new float[count];
                normalisers = new double[batch];
            }
            for (int b = 0; b < batch; b++) {
                float largest = Float.NEGATIVE_INFINITY;
                for (int o = 0; o < classes; o++) {
                    largest = Math.max(largest, logits[o * batch + b] * scale);
                }
                for (int o = 0; o < classes; o++) {
                    shares[o * batch + b] = logits[o * batch + b] * scale - largest;
                }
                normalisers[b] = largest;
            }
            Exponentials.expInPlace(shares, count);
            for (int b = 0; b < batch; b++) {
                float sum = 0;
                for (int o = 0; o < classes; o++) {
                    sum += shares[o * batch + b];
                }
                for (int o = 0; o < classes; o++) {
                    shares[o * batch + b] /= sum;
                }
                normalisers[b] += Math.log(sum);
            }
        }
    }

    void apply(Tensor z, Tensor labels, Tensor teacher, Tensor temperature, Tensor weight, Tensor dz, Tensor loss) {
        int classes = z.shape().rows();
        int batch = z.shape().columns();
        for (int r = 0; r < z.shape().members(); r++) {
            float[] logits = Reals.of(z, r);
            float[] targets = Reals.of(teacher, r);
            float t = Reals.scalar(temperature, r);
            float w = Reals.scalar(weight, r);
            hard.of(logits, 1, classes, batch);
            soft.of(logits, 1 / t, classes, batch);
            taught.of(targets, 1 / t, classes, batch);
            int[] wanted = HostTensors.ints(labels, r);
            float[] gradients = Reals.of(dz, r);
            double total = 0;
            for (int o = 0; o < classes; o++) {
                for (int b = 0; b < batch; b++) {
                    int at = o * batch + b;
                    float miss = wanted[b] == o ? hard.shares[at] - 1f : hard.shares[at];
                    float difference = soft.shares[at] - taught.shares[at];
                    gradients[at] = ((1 - w) * miss + w * t * difference) / batch;
                    double gap = (double) (targets[at] - logits[at]) / t;
                    total += w * t * t * taught.shares[at] * (gap + soft.normalisers[b] - taught.normalisers[b]);
                }
            }
            for (int b = 0; b < batch; b++) {
                total += (1 - w) * (hard.normalisers[b] - logits[wanted[b] * batch + b]);
            }
            Reals.of(loss, r)[0] += (float) total;
        }
    }
}
