package io.espalier.backend.cpu;

import io.espalier.backend.HostTensors;
import io.espalier.backend.Tensor;
import jdk.incubator.vector.FloatVector;

/** Softmax and cross-entropy with its gradient, a vector of columns at a time. */
final class SoftmaxCrossEntropy {
    private float[] exponentials = new float[0];
    private float[] largest = new float[0];
    private float[] sums = new float[0];

    void apply(Tensor z, Tensor labels, Tensor dz, Tensor loss) {
        int classes = z.shape().rows();
        int batch = z.shape().columns();
        int stride = Lanes.padded(batch);
        if (exponentials.length < classes * stride) {
            exponentials = new float[classes * stride];
        }
        if (sums.length < stride) {
            sums = new float[stride];
            largest = new float[stride];
        }
        for (int r = 0; r < z.shape().members(); r++) {
            float[] logits = Reals.of(z, r);
            float[] gradients = Reals.of(dz, r);
            for (int o = 0; o < classes; o++) {
                System.arraycopy(logits, o * batch, exponentials, o * stride, batch);
            }
            subtractLargest(classes, stride);
            Exponentials.expInPlace(exponentials, classes * stride);
            addUp(classes, stride);
            Reals.of(loss, r)[0] += (float) lossOf(logits, HostTensors.ints(labels, r), batch);
            float share = 1f / batch;
            for (int o = 0; o < classes; o++) {
                for (int b = 0; b < batch; b++) {
                    gradients[o * batch + b] = exponentials[o * stride + b] / sums[b] * share;
                }
            }
            int[] wanted = HostTensors.ints(labels, r);
            for (int b = 0; b < batch; b++) {
                int at = wanted[b] * batch + b;
                gradients[at] = (exponentials[wanted[b] * stride + b] / sums[b] - 1f) * share;
            }
        }
    }

    /** Row after row: no loop carries a vector, which a compiler that comes late may box for good. */
    private void subtractLargest(int classes, int stride) {
        System.arraycopy(exponentials, 0, largest, 0, stride);
        for (int o = 1; o < classes; o++) {
            for (int b = 0; b < stride; b += Lanes.WIDTH) {
                FloatVector.fromArray(Lanes.FLOATS, largest, b)
                        .max(FloatVector.fromArray(Lanes.FLOATS, exponentials, o * stride + b))
                        .intoArray(largest, b);
            }
        }
        for (int o = 0; o < classes; o++) {
            for (int b = 0; b < stride; b += Lanes.WIDTH) {
                int at = o * stride + b;
                FloatVector.fromArray(Lanes.FLOATS, exponentials, at)
                        .sub(FloatVector.fromArray(Lanes.FLOATS, largest, b))
                        .intoArray(exponentials, at);
            }
        }
    }

    private void addUp(int classes, int stride) {
        System.arraycopy(exponentials, 0, sums, 0, stride);
        for (int o = 1; o < classes; o++) {
            for (int b = 0; b < stride; b += Lanes.WIDTH) {
                FloatVector.fromArray(Lanes.FLOATS, sums, b)
                        .add(FloatVector.fromArray(Lanes.FLOATS, exponentials, o * stride + b))
                        .intoArray(sums, b);
            }
        }
    }

    private double lossOf(float[] logits, int[] labels, int batch) {
        double total = 0;
        for (int b = 0; b < batch; b++) {
            total += Math.log(sums[b]) + largest[b] - logits[labels[b] * batch + b];
        }
        return total;
    }
}
