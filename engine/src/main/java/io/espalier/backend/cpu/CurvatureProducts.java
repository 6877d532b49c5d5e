package io.espalier.backend.cpu;

import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import jdk.incubator.vector.FloatVector;

/**
 * The products of the curvature pass: OpenBLAS on squared copies. The copy costs one pass over an operand that the product reads
 * many times.
 */
final class CurvatureProducts {
    private final Gemm gemm;
    private float[] scratch = new float[0];

    CurvatureProducts(Gemm gemm) {
        this.gemm = gemm;
    }

    void input(Tensor w, Tensor dz, Tensor hz, Tensor dx, Tensor hx) {
        Shape shape = w.shape();
        for (int r = 0; r < shape.members(); r++) {
            gemm.inputGradient(
                    shape.rows(),
                    shape.columns(),
                    hz.shape().columns(),
                    squared(Reals.of(w, r)),
                    Reals.of(hz, r),
                    Reals.of(hx, r));
        }
        if (dz != null) {
            gemm.inputGradient(w, dz, dx);
        }
    }

    void weight(Tensor dz, Tensor hz, Tensor x, Tensor dw, Tensor hw) {
        Shape shape = hw.shape();
        for (int r = 0; r < shape.members(); r++) {
            gemm.weightGradient(
                    shape.rows(),
                    shape.columns(),
                    x.shape().columns(),
                    Reals.of(hz, r),
                    squared(Reals.of(x, r)),
                    Reals.of(hw, r));
        }
        if (dz != null) {
            gemm.weightGradient(dz, x, dw);
        }
    }

    void square(Tensor x, float scale, Tensor out) {
        for (int r = 0; r < x.shape().members(); r++) {
            square(Reals.of(x, r), scale, Reals.of(out, r));
        }
    }

    private float[] squared(float[] values) {
        if (scratch.length < values.length) {
            scratch = new float[values.length];
        }
        square(values, 1f, scratch);
        return scratch;
    }

    private static void square(float[] values, float scale, float[] squares) {
        int i = 0;
        for (; i <= values.length - Lanes.WIDTH; i += Lanes.WIDTH) {
            FloatVector x = FloatVector.fromArray(Lanes.FLOATS, values, i);
            x.mul(x).mul(scale).intoArray(squares, i);
        }
        for (; i < values.length; i++) {
            squares[i] = values[i] * values[i] * scale;
        }
    }
}
