package io.espalier.backend.cpu;

import dev.ludovic.netlib.blas.BLAS;
import io.espalier.backend.Tensor;

/**
 * The three products of a linear map, by OpenBLAS on one thread: parallelism is over members, and over rows of very large products.
 *
 * <p>BLAS is column-major: a row-major (m, n) matrix is the column-major (n, m) one, so every product is written with its
 * factors swapped.
 *
 * <p>OpenBLAS copies its factors into panels first, but for small products, for which it has kernels without. Where these exist,
 * a product of few outputs or few examples is faster as several small ones. Measured on Zen 5 with Cooperlake's kernels, whole
 * and in strips: forward 300 x 784, 50 examples 127 and 117 us; 10 x 1000, 128 examples 46 and 14; to the inputs 100 x 300, 128
 * examples 39 and 30; to the weights 10 x 1000, 128 examples 43 and 16. Forward 300 x 784 with 128 examples is 260 us whole; in strips 236
 * where the array happens to begin at a cache line, and else 266.
 *
 * <p>A product of which an infinite weight meets nothing but zeros is zero here, where arithmetic says that it is not a number.
 */
final class Gemm {
    /** Rows of so many columns lie so far apart that reading down them misses the caches; then a part of each is copied first. */
    private static final int LONG_ROW = 1 << 15;

    private static final int PART = 1 << 13;

    /** Multiplications up to which OpenBLAS takes its kernels for small products. */
    private static final int SMALL = 100 * 100 * 100;

    /** Examples in a strip. */
    private static final int STRIP = 64;

    /** Outputs times inputs up to which it does so to the weights. */
    private static final int SMALL_GRADIENT = 1000;

    /** Multiplications from which a product goes in parts, a quarter as large, that several cores may share: each copies the other factor anew. */
    private static final long LARGE = 1L << 30;

    private static final RowMaker AS_THEY_ARE = (first, count) -> {};

    private final BLAS blas = OpenBlas.open();
    private final Cores cores;
    private final boolean strips;
    private final long large;
    private final LiveRows live = new LiveRows();
    private float[] part = new float[0];

    /** Makes rows of weights; called once for each row, before that is read. */
    @FunctionalInterface
    interface RowMaker {
        void make(int first, int count);
    }

    Gemm(Cores cores) {
        this(cores, OpenBlas.hasSmallProducts(), LARGE);
    }

    /**
     * @param strips whether products may go in strips, which is right with all kernels and faster with some
     * @param large multiplications from which a product goes in parts
     */
    Gemm(Cores cores, boolean strips, long large) {
        this.cores = cores;
        this.strips = strips;
        this.large = large;
    }

    /** The rows of a product, of so many multiplications each: all at once, or in parts. */
    private void rows(int rows, long multiplications, Cores.SomeRows product) {
        if (rows * multiplications < large) {
            product.compute(0, rows, 0);
        } else {
            cores.inParts(rows, (int) Math.max(1, large / 4 / multiplications), product);
        }
    }

    /** z (O, B) = w (O, I) x (I, B). */
    void forward(Tensor w, Tensor x, Tensor z) {
        int o = w.shape().rows();
        int i = w.shape().columns();
        int b = x.shape().columns();
        for (int r = 0; r < w.shape().members(); r++) {
            forward(o, i, b, Reals.of(w, r), Reals.of(x, r), Reals.of(z, r));
        }
    }

    void forward(int o, int i, int b, float[] w, float[] x, float[] z) {
        forward(o, i, b, w, AS_THEY_ARE, x, z);
    }

    /** The same with weights that are yet to be made: each strip while what it makes is in the nearest cache. */
    void forward(int o, int i, int b, float[] w, RowMaker maker, float[] x, float[] z) {
        if (b >= LONG_ROW) {
            maker.make(0, o);
            forwardInParts(o, i, b, w, x, z);
        } else if (live.find(x, i, b, o)) {
            maker.make(0, o);
            forward(o, live.count(), b, live.weights(w, o), live.stride(), AS_THEY_ARE, live.inputs(x), z);
        } else {
            forward(o, i, b, w, i, maker, x, z);
        }
    }

    /** @param stride from a row of w to the next */
    private void forward(int o, int i, int b, float[] w, int stride, RowMaker maker, float[] x, float[] z) {
        int rows = rows(i, b);
        boolean pays = o <= 32 || b <= STRIP && o * i <= 1 << 18;
        if (!strips || !pays || rows == 0 || (long) o * i * b <= SMALL) {
            maker.make(0, o);
            rows(
                    o,
                    (long) i * b,
                    (first, end, core) -> blas.sgemm(
                            "N", "N", b, end - first, i, 1f, x, 0, b, w, first * stride, stride, 0f, z, first * b, b));
            return;
        }
        for (int q = 0; q < o; q += rows) {
            int some = Math.min(rows, o - q);
            maker.make(q, some);
            for (int c = 0; c < b; c += STRIP) {
                int columns = Math.min(STRIP, b - c);
                blas.sgemm("N", "N", columns, some, i, 1f, x, c, b, w, q * stride, stride, 0f, z, q * b + c, b);
            }
        }
    }

    /** How many rows beside a strip make a small product, in the twelves that these kernels like or at least in fours; 0: none. */
    private static int rows(int inner, int batch) {
        int rows = SMALL / Math.min(STRIP, batch) / inner;
        return rows < 12 ? rows / 4 * 4 : rows / 12 * 12;
    }

    /** Measured, 16 x 144 with 131072 columns on Zen 5: 18.2 ms at once, 9.1 ms in parts; with 8192 columns no gain. */
    private void forwardInParts(int o, int i, int b, float[] w, float[] x, float[] z) {
        if (part.length < i * PART) {
            part = new float[i * PART];
        }
        for (int first = 0; first < b; first += PART) {
            int columns = Math.min(PART, b - first);
            for (int row = 0; row < i; row++) {
                System.arraycopy(x, row * b + first, part, row * columns, columns);
            }
            blas.sgemm("N", "N", columns, o, i, 1f, part, 0, columns, w, 0, i, 0f, z, first, b);
        }
    }

    /** dx (I, B) = w (O, I)' dz (O, B). */
    void inputGradient(Tensor w, Tensor dz, Tensor dx) {
        int o = w.shape().rows();
        int i = w.shape().columns();
        int b = dz.shape().columns();
        for (int r = 0; r < w.shape().members(); r++) {
            inputGradient(o, i, b, Reals.of(w, r), Reals.of(dz, r), Reals.of(dx, r));
        }
    }

    void inputGradient(int o, int i, int b, float[] w, float[] dz, float[] dx) {
        int rows = rows(o, b);
        boolean pays = b <= 128 || o <= 128 && b <= 512;
        if (!strips || !pays || rows == 0 || (long) o * i * b <= SMALL) {
            rows(
                    i,
                    (long) o * b,
                    (first, end, core) ->
                            blas.sgemm("N", "T", b, end - first, o, 1f, dz, 0, b, w, first, i, 0f, dx, first * b, b));
            return;
        }
        for (int c = 0; c < b; c += STRIP) {
            int columns = Math.min(STRIP, b - c);
            for (int q = 0; q < i; q += rows) {
                int some = Math.min(rows, i - q);
                blas.sgemm("N", "T", columns, some, o, 1f, dz, c, b, w, q, i, 0f, dx, q * b + c, b);
            }
        }
    }

    /** dw (O, I) = dz (O, B) x (I, B)'. */
    void weightGradient(Tensor dz, Tensor x, Tensor dw) {
        int o = dw.shape().rows();
        int i = dw.shape().columns();
        int b = dz.shape().columns();
        for (int r = 0; r < dw.shape().members(); r++) {
            weightGradient(o, i, b, Reals.of(dz, r), Reals.of(x, r), Reals.of(dw, r));
        }
    }

    void weightGradient(int o, int i, int b, float[] dz, float[] x, float[] dw) {
        if (b < LONG_ROW && live.find(x, i, b, o)) {
            float[] packed = live.room(o);
            blas.sgemm("T", "N", live.count(), o, b, 1f, live.inputs(x), 0, b, dz, 0, b, 0f, packed, 0, live.stride());
            live.spread(packed, dw, o);
            return;
        }
        int inputs = SMALL_GRADIENT / o / 16 * 16;
        if (!strips || o > 16 || o * i <= SMALL_GRADIENT || (long) inputs * o * b > SMALL) {
            rows(
                    o,
                    (long) i * b,
                    (first, end, core) -> blas.sgemm(
                            "T", "N", i, end - first, b, 1f, x, 0, b, dz, first * b, b, 0f, dw, first * i, i));
            return;
        }
        for (int c = 0; c < i; c += inputs) {
            blas.sgemm("T", "N", Math.min(inputs, i - c), o, b, 1f, x, c * b, b, dz, 0, b, 0f, dw, c, i);
        }
    }
}
