package io.espalier.backend.cuda;

import io.espalier.backend.Tensor;

/** The products of dense layers, which a library may do in place of our kernels; shapes as in {@link io.espalier.backend.Backend}. */
public interface DenseProducts extends AutoCloseable {
    /** What a backend that multiplies so is called. */
    String backend();

    /** u, the relative error of one rounding of its factors or sums. */
    double unitRoundoff();

    /** z = w x. */
    void linear(Tensor w, Tensor x, Tensor z);

    /** dx = w' dz. */
    void linearInputGradient(Tensor w, Tensor dz, Tensor dx);

    /** dw = dz x'. */
    void linearWeightGradient(Tensor dz, Tensor x, Tensor dw);

    @Override
    void close();
}
