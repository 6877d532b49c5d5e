package io.espalier.backend.cpu;

import io.espalier.backend.Tensor;

/** Rows of one tensor in another, and sums of two. */
final class Rows {
    private final Cores cores;

    Rows(Cores cores) {
        this.cores = cores;
    }

    void combine(float a, Tensor x, float b, Tensor y) {
        for (int r = 0; r < y.shape().members(); r++) {
            float[] from = Reals.of(x, r);
            float[] to = Reals.of(y, r);
            int columns = y.shape().columns();
            cores.rows(
                    y.shape().rows(),
                    columns,
                    (first, end, core) -> combine(a, from, b, to, first * columns, end * columns));
        }
    }

    private static void combine(float a, float[] from, float b, float[] to, int first, int end) {
        for (int i = first; i < end; i++) {
            to[i] = a * from[i] + b * to[i];
        }
    }

    void copy(Tensor from, Tensor to, int firstRow) {
        int columns = to.shape().columns();
        for (int r = 0; r < to.shape().members(); r++) {
            float[] part = Reals.of(from, r);
            float[] whole = Reals.of(to, r);
            cores.rows(
                    from.shape().rows(),
                    columns,
                    (first, end, core) -> System.arraycopy(
                            part, first * columns, whole, (firstRow + first) * columns, (end - first) * columns));
        }
    }

    void add(Tensor from, int firstRow, Tensor to) {
        int columns = to.shape().columns();
        for (int r = 0; r < to.shape().members(); r++) {
            float[] whole = Reals.of(from, r);
            float[] part = Reals.of(to, r);
            cores.rows(
                    to.shape().rows(),
                    columns,
                    (first, end, core) -> Lanes.add(
                            whole, (firstRow + first) * columns, part, first * columns, (end - first) * columns));
        }
    }
}
