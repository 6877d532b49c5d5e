package io.espalier.backend.cpu;

import io.espalier.backend.Tensor;

/** Rows of one tensor in another, and sums of two. */
final class Rows {
    void combine(float a, Tensor x, float b, Tensor y) {
        for (int r = 0; r < y.shape().members(); r++) {
            float[] from = Reals.of(x, r);
            float[] to = Reals.of(y, r);
            for (int i = 0; i < to.length; i++) {
                to[i] = a * from[i] + b * to[i];
            }
        }
    }

    void copy(Tensor from, Tensor to, int firstRow) {
        int first = firstRow * to.shape().columns();
        for (int r = 0; r < to.shape().members(); r++) {
            float[] part = Reals.of(from, r);
            System.arraycopy(part, 0, Reals.of(to, r), first, part.length);
        }
    }

    void add(Tensor from, int firstRow, Tensor to) {
        int first = firstRow * to.shape().columns();
        for (int r = 0; r < to.shape().members(); r++) {
            float[] whole = Reals.of(from, r);
            float[] part = Reals.of(to, r);
            Lanes.add(whole, first, part, 0, part.length);
        }
    }
}
