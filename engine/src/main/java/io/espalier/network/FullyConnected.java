package io.espalier.network;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.Dropout;
import io.espalier.backend.Tensor;
import java.util.List;

/** y = dropout(f(w x + b)). */
final class FullyConnected implements Layer {
    private final Backend backend;
    private final Activation activation;
    private final WeightStore weights;
    private final BiasStore biases;

    FullyConnected(Backend backend, Activation activation, WeightStore weights, BiasStore biases) {
        this.backend = backend;
        this.activation = activation;
        this.weights = weights;
        this.biases = biases;
    }

    @Override
    public void forward(Tensor x, Tensor y, Dropout dropout) {
        weights.forward(x, y);
        backend.activate(y, biases.values(), activation, dropout);
    }

    @Override
    public void backward(Tensor x, Tensor y, Dropout dropout, Tensor dy, Tensor dx) {
        if (activation != Activation.LINEAR || dropout.isActive()) {
            backend.activationGradient(y, activation, dropout, dy);
        }
        biases.gradient(dy);
        if (dx != null) {
            weights.inputGradient(dy, dx);
        }
        weights.weightGradient(dy, x);
    }

    @Override
    public void curvature(Curvature kind, Tensor x, Tensor y, Derivatives above, Tensor out, Derivatives below) {
        if (kind == Curvature.EMPIRICAL_FISHER) {
            backend.activationGradient(y, activation, Dropout.NONE, above.gradient());
            // The gradient is that of the mean of B losses: an example's own is B times as large, their mean square B
            // times.
            backend.square(above.gradient(), y.shape().columns(), above.curvature());
        } else {
            backend.activationCurvature(y, activation, above.gradient(), above.curvature());
        }
        weights.weightCurvature(above.curvature(), x, out);
        if (below == null) {
            return;
        }
        if (kind == Curvature.EMPIRICAL_FISHER) {
            weights.inputGradient(above.gradient(), below.gradient());
        } else {
            weights.inputCurvature(above, below);
        }
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(weights.parameter(), biases.parameter());
    }

    @Override
    public void close() {
        weights.close();
        biases.close();
    }
}
