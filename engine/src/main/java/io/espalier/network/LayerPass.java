package io.espalier.network;

import io.espalier.backend.Tensor;
import java.util.List;

/** A layer at work: forward, backward, and curvature, the backward pass of second order. */
interface LayerPass extends AutoCloseable {
    /** y from x. */
    void forward(DropoutPlan drops);

    /** Sets the gradients of the parameters and of x from that of y, after {@link #forward} with the same drops. */
    void backward(DropoutPlan drops);

    /**
     * Sets the curvature of the weights and of x, after a {@link #forward} of evaluation, and if the kind reads the gradient that
     * of x too. Biases have none, nor have gains and shifts: they are never pruned.
     *
     * @param hy curvature of y; overwritten. With {@link Curvature#EMPIRICAL_FISHER} scratch
     * @param weights out: of the shape of the stored weights; null if the layer has none
     * @param hx out: curvature of x, each null where nobody needs it
     */
    void curvature(Curvature kind, Tensor hy, Tensor weights, List<Tensor> hx);

    @Override
    void close();
}
