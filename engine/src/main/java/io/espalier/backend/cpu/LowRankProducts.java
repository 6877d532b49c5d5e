package io.espalier.backend.cpu;

import dev.ludovic.netlib.blas.BLAS;
import io.espalier.backend.Tensor;

/** The products of a map through a few hidden units, each member with its own number of them. Column-major as in {@link Gemm}. */
final class LowRankProducts {
    private final BLAS blas = OpenBlas.open();

    /** hidden (k, B) = fixed (k, I) x (I, B); z (O, B) = learned (k, O)' hidden. */
    void forward(int[] ranks, Tensor fixed, Tensor learned, Tensor x, Tensor hidden, Tensor z) {
        int i = x.shape().rows();
        int o = z.shape().rows();
        int b = x.shape().columns();
        for (int r = 0; r < ranks.length; r++) {
            int k = ranks[r];
            float[] few = Reals.of(hidden, r);
            blas.sgemm("N", "N", b, k, i, 1f, Reals.of(x, r), b, Reals.of(fixed, r), i, 0f, few, b);
            blas.sgemm("N", "T", b, o, k, 1f, few, b, Reals.of(learned, r), o, 0f, Reals.of(z, r), b);
        }
    }

    /** dhidden (k, B) = learned (k, O) dz (O, B); dx (I, B) = fixed (k, I)' dhidden. */
    void inputGradient(int[] ranks, Tensor fixed, Tensor learned, Tensor dz, Tensor dhidden, Tensor dx) {
        int i = dx.shape().rows();
        int o = dz.shape().rows();
        int b = dz.shape().columns();
        for (int r = 0; r < ranks.length; r++) {
            int k = ranks[r];
            float[] few = Reals.of(dhidden, r);
            blas.sgemm("N", "N", b, k, o, 1f, Reals.of(dz, r), b, Reals.of(learned, r), o, 0f, few, b);
            blas.sgemm("N", "T", b, i, k, 1f, few, b, Reals.of(fixed, r), i, 0f, Reals.of(dx, r), b);
        }
    }

    /** dlearned (k, O) = hidden (k, B) dz (O, B)'; what lies beyond a member's rank stays zero. */
    void weightGradient(int[] ranks, Tensor dz, Tensor hidden, Tensor dlearned) {
        int o = dz.shape().rows();
        int b = dz.shape().columns();
        for (int r = 0; r < ranks.length; r++) {
            int k = ranks[r];
            float[] out = Reals.of(dlearned, r);
            blas.sgemm("T", "N", o, k, b, 1f, Reals.of(dz, r), b, Reals.of(hidden, r), b, 0f, out, o);
            java.util.Arrays.fill(out, k * o, out.length, 0f);
        }
    }
}
