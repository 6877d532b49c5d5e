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

        @Override
        void curvature(Backend backend, Tensor outputs, Tensor curvature) {
            backend.softmaxCrossEntropyCurvature(outputs, curvature);
        }
    },
    /** Half the squared error against the one-hot label. */
    MSE {
        @Override
        void apply(Backend backend, Tensor outputs, Tensor labels, Tensor gradient, Tensor sum) {
            backend.halfSquaredError(outputs, labels, gradient, sum);
        }

        @Override
        void curvature(Backend backend, Tensor outputs, Tensor curvature) {
            backend.halfSquaredErrorCurvature(curvature);
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

    /**
     * Writes the diagonal of the Hessian of the batch's mean loss by the outputs.
     *
     * @param outputs (R, O, B)
     * @param curvature (R, O, B) out
     */
    abstract void curvature(Backend backend, Tensor outputs, Tensor curvature);
}
