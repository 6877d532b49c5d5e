package io.espalier.network;

import io.espalier.backend.Tensor;

/** How the weights of a linear map are stored, and the products that need them. */
public sealed interface WeightStore extends AutoCloseable
        permits DenseWeights, GroupedWeights, SparseWeights, HashedWeights, LowRankWeights, CodebookWeights {
    /** z = w x; x (R, I, B), z (R, O, B). */
    void forward(Tensor x, Tensor z);

    /** dx = w' dz; after {@link #forward(Tensor, Tensor)} with the same numbers stored. */
    void inputGradient(Tensor dz, Tensor dx);

    /** Sets the parameter's gradient from dz and x; after a forward pass with the same x, and after the gradient of x. */
    void weightGradient(Tensor dz, Tensor x);

    /** z = w x of what windows see. */
    default void forward(Windows x, Tensor z) {
        x.look();
        forward(x.patches(), z);
    }

    /** Sets the gradient of the images from that of what their windows see. */
    default void inputGradient(Tensor dz, Windows x) {
        inputGradient(dz, x.patchGradient());
        x.fold();
    }

    /** Sets the parameter's gradient from dz and what windows see. */
    default void weightGradient(Tensor dz, Windows x) {
        x.look();
        weightGradient(dz, x.patches());
    }

    /**
     * {@link #inputGradient(Tensor, Tensor)}, and the curvature below: the product of the squared weights with that above.
     *
     * @throws UnsupportedOperationException if the store has no weights that could be pruned
     */
    void inputCurvature(Derivatives above, Derivatives below);

    /**
     * Sets out, of the parameter's shape, to the products of the curvatures hz with the squared inputs.
     *
     * @throws UnsupportedOperationException if the store has no weights that could be pruned
     */
    void weightCurvature(Tensor hz, Tensor x, Tensor out);

    /** What is trained and stored. */
    Parameter parameter();

    @Override
    void close();
}
