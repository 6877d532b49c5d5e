package io.espalier.network;

import io.espalier.backend.Backend;
import io.espalier.backend.Tensor;

/**
 * Weights that share the numbers of buckets (Chen et al. 2015, equations 8, 9 and 12). The virtual matrix is made once in every
 * forward pass and serves both products with it.
 */
public final class HashedWeights implements WeightStore {
    private final Backend backend;
    private final HashedMatrix weights;

    HashedWeights(Backend backend, HashedMatrix weights) {
        this.backend = backend;
        this.weights = weights;
    }

    @Override
    public void forward(Tensor x, Tensor z) {
        weights.product(x, z);
    }

    @Override
    public void inputGradient(Tensor dz, Tensor dx) {
        backend.linearInputGradient(weights.virtual(), dz, dx);
    }

    @Override
    public void weightGradient(Tensor dz, Tensor x) {
        backend.linearWeightGradient(dz, x, weights.virtual());
        weights.reduce();
    }

    @Override
    public void inputCurvature(Derivatives above, Derivatives below) {
        throw new UnsupportedOperationException("Buckets cannot be pruned, so they have no curvature pass");
    }

    @Override
    public void weightCurvature(Tensor hz, Tensor x, Tensor out) {
        throw new UnsupportedOperationException("Buckets cannot be pruned, so they have no curvature pass");
    }

    @Override
    public Parameter parameter() {
        return weights.parameter();
    }

    @Override
    public void close() {
        weights.close();
    }
}
