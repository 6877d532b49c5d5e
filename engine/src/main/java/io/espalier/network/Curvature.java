package io.espalier.network;

/** Which second-order quantity of every weight the curvature pass gives; all are means over the examples of a batch. */
public enum Curvature {
    /**
     * The diagonal recursion with all its terms (LeCun, Denker and Solla 1990, eq. 7 and 8); may be negative.
     *
     * <p>Of every layer's Hessian by its outputs it keeps the diagonal only. That is the true second derivative for the weights
     * of the last layer, and where the loss has a diagonal Hessian (half squared error) also for those of the layer before it:
     * a weight moves one unit, whose outgoing paths then meet nowhere. Softmax cross-entropy has the Hessian diag(p) - p p';
     * its off-diagonal -p_i p_j is dropped, so below the last layer the result is an approximation, as it is for any loss
     * three layers down.
     */
    EXACT,
    /** The same without the terms that have f'': never negative, needs no gradient (Levenberg and Marquardt's form). */
    LEVENBERG_MARQUARDT,
    /** Squares of the examples' own gradients: the diagonal of the empirical Fisher information. */
    EMPIRICAL_FISHER;

    /** Whether it is computed from the gradient, so that the loss must have left one. */
    boolean readsGradient() {
        return this != LEVENBERG_MARQUARDT;
    }
}
