package io.espalier.backend.cpu;

import dev.ludovic.netlib.blas.BLAS;
import io.espalier.backend.Tensor;

/**
 * The three products of a linear map, by OpenBLAS on one thread: parallelism is over members.
 *
 * <p>BLAS is column-major: a row-major (m, n) matrix is the column-major (n, m) one, so every product is written with its
 * factors swapped.
 */
final class Gemm {
    private final BLAS blas = OpenBlas.open();

    /** z (O, B) = w (O, I) x (I, B). */
    void forward(Tensor w, Tensor x, Tensor z) {
        int o = w.shape().rows();
        int i = w.shape().columns();
        int b = x.shape().columns();
        for (int r = 0; r < w.shape().members(); r++) {
            blas.sgemm("N", "N", b, o, i, 1f, Reals.of(x, r), b, Reals.of(w, r), i, 0f, Reals.of(z, r), b);
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
        blas.sgemm("N", "T", b, i, o, 1f, dz, b, w, i, 0f, dx, b);
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
        blas.sgemm("T", "N", i, o, b, 1f, x, b, dz, b, 0f, dw, i);
    }
}
