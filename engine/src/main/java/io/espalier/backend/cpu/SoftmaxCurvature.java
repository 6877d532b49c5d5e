package io.espalier.backend.cpu;

import io.espalier.backend.Tensor;

/**
 * p (1 - p) / B by columns. Of the largest p, 1 - p is formed as the sum of the other exponentials: where the network is sure of
 * itself a difference from 1 would have no digits left, and these small numbers are what the ranking of weights rests on.
 */
final class SoftmaxCurvature {
    private float[] exponentials = new float[0];

    void apply(Tensor z, Tensor h) {
        int classes = z.shape().rows();
        int batch = z.shape().columns();
        int count = classes * batch;
        if (exponentials.length < count) {
            exponentials = new float[Lanes.padded(count)];
        }
        for (int r = 0; r < z.shape().members(); r++) {
            float[] logits = Reals.of(z, r);
            float[] curvatures = Reals.of(h, r);
            for (int b = 0; b < batch; b++) {
                float largest = logits[b];
                for (int i = b + batch; i < count; i += batch) {
                    largest = Math.max(largest, logits[i]);
                }
                for (int i = b; i < count; i += batch) {
                    exponentials[i] = logits[i] - largest;
                }
            }
            Exponentials.expInPlace(exponentials, Lanes.padded(count));
            for (int b = 0; b < batch; b++) {
                int top = b;
                double others = 0;
                for (int i = b + batch; i < count; i += batch) {
                    boolean larger = exponentials[i] > exponentials[top];
                    others += exponentials[larger ? top : i];
                    top = larger ? i : top;
                }
                double sum = exponentials[top] + others;
                for (int i = b; i < count; i += batch) {
                    double rest = i == top ? others : sum - exponentials[i];
                    curvatures[i] = (float) (exponentials[i] * rest / (sum * sum * batch));
                }
            }
        }
    }
}
