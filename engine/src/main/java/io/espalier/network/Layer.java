package io.espalier.network;

import io.espalier.backend.Dropout;
import io.espalier.backend.Tensor;
import java.util.List;

/** A step of the network from activations to activations: forward, backward, and curvature, the backward pass of second order. */
interface Layer extends AutoCloseable {
    /** y from x; x (R, inputs, B), y (R, outputs, B). */
    void forward(Tensor x, Tensor y, Dropout dropout);

    /**
     * Sets the gradients of the parameters and of the input.
     *
     * @param x what {@link #forward} got
     * @param y what it gave
     * @param dy gradient of y; overwritten
     * @param dx out: gradient of x; null where nobody needs it
     */
    void backward(Tensor x, Tensor y, Dropout dropout, Tensor dy, Tensor dx);

    /**
     * Sets the curvature of the weights and of the input, after a {@link #forward} without dropout. Biases have none: they are
     * never pruned.
     *
     * @param x what {@link #forward} got
     * @param y what it gave
     * @param above derivatives by y; overwritten. With the gradient if the kind reads it; with {@link
     *     Curvature#EMPIRICAL_FISHER} the curvature is scratch
     * @param weights out: of the shape of the stored weights
     * @param below out: derivatives by x, both or as above; null where nobody needs them
     */
    void curvature(Curvature kind, Tensor x, Tensor y, Derivatives above, Tensor weights, Derivatives below);

    List<Parameter> parameters();

    @Override
    void close();
}
