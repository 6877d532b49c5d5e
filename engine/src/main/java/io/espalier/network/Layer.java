package io.espalier.network;

import io.espalier.backend.Dropout;
import io.espalier.backend.Tensor;
import java.util.List;

/** A step of the network from activations to activations, forward and back. */
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

    List<Parameter> parameters();

    @Override
    void close();
}
