package io.espalier.network;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.Dropout;
import io.espalier.backend.Tensor;
import java.util.List;

/** y = dropout(f(w x + b)), or w x where it has no biases. */
final class FullyConnected implements Layer {
    private final Backend backend;
    private final int number;
    private final int layers;
    private final Activation activation;
    private final WeightStore weights;
    private final BiasStore biases;

    /**
     * A layer.
     *
     * @param number among the network's linear maps, from 0
     * @param layers how many these are
     * @param biases null: none, and no activation
     */
    FullyConnected(
            Backend backend, int number, int layers, Activation activation, WeightStore weights, BiasStore biases) {
        this.backend = backend;
        this.number = number;
        this.layers = layers;
        this.activation = activation;
        this.weights = weights;
        this.biases = biases;
    }

    WeightStore weights() {
        return weights;
    }

    /** Null where it has none. */
    Parameter bias() {
        return biases == null ? null : biases.parameter();
    }

    @Override
    public AtWork between(Ports ports, Scratch scratch) {
        return between(new Operand.Features(ports.x().get(0), ports.dx().get(0)), ports.y(), ports.dy());
    }

    /** The layer between what it reads and what it writes. */
    AtWork between(Operand input, Tensor y, Tensor dy) {
        return new AtWork(input, y, dy);
    }

    @Override
    public List<Parameter> parameters() {
        return biases == null ? List.of(weights.parameter()) : List.of(weights.parameter(), biases.parameter());
    }

    @Override
    public void close() {
        weights.close();
        if (biases != null) {
            biases.close();
        }
    }

    /** The layer between tensors. */
    final class AtWork implements LayerPass {
        private final Operand input;
        private final Tensor y;
        private final Tensor dy;

        private AtWork(Operand input, Tensor y, Tensor dy) {
            this.input = input;
            this.y = y;
            this.dy = dy;
        }

        @Override
        public void forward(DropoutPlan drops) {
            input.forward(weights, y);
            if (biases != null) {
                backend.activate(y, biases.values(), activation, drops.after(number, layers));
            }
        }

        @Override
        public void backward(DropoutPlan drops) {
            if (biases != null) {
                Dropout dropout = drops.after(number, layers);
                if (activation != Activation.LINEAR || dropout.isActive()) {
                    backend.activationGradient(y, activation, dropout, dy);
                }
                biases.gradient(dy);
            }
            if (input.dx() != null) {
                input.inputGradient(weights, dy);
            }
            input.weightGradient(weights, dy);
        }

        @Override
        public void curvature(Curvature kind, Tensor hy, Tensor out, List<Tensor> hx) {
            if (kind == Curvature.EMPIRICAL_FISHER) {
                gradientOfProduct();
                // The gradient is that of the mean of B losses: an example's own is B times as large, their mean square
                // B
                // times.
                backend.square(dy, y.shape().columns(), hy);
                weights.weightCurvature(hy, input.x(), out);
                if (input.dx() != null) {
                    input.inputGradient(weights, dy);
                }
                return;
            }
            Tensor gradient = kind.readsGradient() ? dy : null;
            if (activation != Activation.LINEAR) {
                backend.activationCurvature(y, activation, gradient, hy);
            }
            weights.weightCurvature(hy, input.x(), out);
            if (hx.get(0) != null) {
                Tensor gradientBelow = gradient == null ? null : input.dx();
                weights.inputCurvature(new Derivatives(gradient, hy), new Derivatives(gradientBelow, hx.get(0)));
            }
        }

        /** dy of what it was before the activation, without dropout. */
        void gradientOfProduct() {
            if (activation != Activation.LINEAR) {
                backend.activationGradient(y, activation, Dropout.NONE, dy);
            }
        }

        @Override
        public void close() {}
    }
}
