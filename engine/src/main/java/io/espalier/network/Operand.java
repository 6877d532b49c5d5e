package io.espalier.network;

import io.espalier.backend.Tensor;

/** What a linear map multiplies, and where the gradient of that goes. */
sealed interface Operand permits Operand.Features, Windows {
    /** Makes {@link #x} what it says. */
    void look();

    /** (R, I, B); of windows only once they were looked at. */
    Tensor x();

    /** Of the same shape; null where nobody wants it. */
    Tensor dx();

    /** z = w x. */
    void forward(WeightStore weights, Tensor z);

    /** Sets the gradient to w' dz. */
    void inputGradient(WeightStore weights, Tensor dz);

    /** Sets that of the weights. */
    void weightGradient(WeightStore weights, Tensor dz);

    /** Features as they are. */
    record Features(Tensor x, Tensor dx) implements Operand {
        @Override
        public void look() {}

        @Override
        public void forward(WeightStore weights, Tensor z) {
            weights.forward(x, z);
        }

        @Override
        public void inputGradient(WeightStore weights, Tensor dz) {
            weights.inputGradient(dz, dx);
        }

        @Override
        public void weightGradient(WeightStore weights, Tensor dz) {
            weights.weightGradient(dz, x);
        }
    }
}
