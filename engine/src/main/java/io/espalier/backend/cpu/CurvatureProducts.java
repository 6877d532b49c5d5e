package io.espalier.backend.cpu;

import io.espalier.backend.Shape;
import io.espalier.backend.SparsePattern;
import io.espalier.backend.Tensor;
import jdk.incubator.vector.FloatVector;

/**
 * The products of the curvature pass: those of the gradient on squared copies. The copy costs one pass over an operand that the product reads
 * many times.
 */
final class CurvatureProducts {
    private final Gemm gemm;
    private final SparseProducts sparseProducts;
    private final SampledProduct sampledProduct;
    private float[] scratch = new float[0];

    CurvatureProducts(Gemm gemm, SparseProducts sparseProducts, SampledProduct sampledProduct) {
        this.gemm = gemm;
        this.sparseProducts = sparseProducts;
        this.sampledProduct = sampledProduct;
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

    void sparseInput(SparsePattern pattern, Tensor values, Tensor dz, Tensor hz, Tensor dx, Tensor hx) {
        for (int r = 0; r < values.shape().members(); r++) {
            sparseProducts.inputGradient(pattern, r, squared(Reals.of(values, r)), hz, hx);
        }
        if (dz != null) {
            sparseProducts.inputGradient(pattern, values, dz, dx);
        }
    }

    void sparseWeight(SparsePattern pattern, Tensor dz, Tensor hz, Tensor x, Tensor dvalues, Tensor hvalues) {
        for (int r = 0; r < hvalues.shape().members(); r++) {
            sampledProduct.weightGradient(pattern, r, hz, squared(Reals.of(x, r)), hvalues);
        }
        if (dz != null) {
            sampledProduct.weightGradient(pattern, dz, x, dvalues);
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
