package io.espalier.network;

import io.espalier.backend.Backend;
import io.espalier.backend.Tensor;

/** What training minimises. */
public enum Loss {
    /** Softmax over the outputs and cross-entropy with the label. */
    SOFTMAX {
        @Override
        void apply(Backend backend, Tensor outputs, Tensor labels, Tensor gradient, Tensor sum) {
            backend.softmaxCrossEntropy(outputs, labels, gradient, sum);
        }
    },
    /** Half the squared error against the one-hot label. */
    MSE {
        @Override
        void apply(Backend backend, Tensor outputs, Tensor labels, Tensor gradient, Tensor sum) {
            backend.halfSquaredError(outputs, labels, gradient, sum);
        }
    };

    /**
     * Adds the examples' losses to {@code sum} and writes the gradient of their mean.
     *
     * @param outputs (R, O, B)
     * @param labels (R, 1, B)
     * @param gradient (R, O, B) out
     * @param sum (R, 1, 1), added to
     */
    abstract void apply(Backend backend, Tensor outputs, Tensor labels, Tensor gradient, Tensor sum);
}
