package io.espalier.network;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Tensor;
import io.espalier.backend.Window;
import java.util.List;

/** The largest or the mean of every window; nothing is learned. */
final class Pooling implements Layer {
    private final Backend backend;
    private final Step.Pool.Kind kind;
    private final Window window;

    Pooling(Backend backend, Step.Pool.Kind kind, Window window) {
        this.backend = backend;
        this.kind = kind;
        this.window = window;
    }

    @Override
    public LayerPass between(Ports ports, Scratch scratch) {
        return kind == Step.Pool.Kind.MAX ? new Maximum(ports) : new Mean(ports);
    }

    @Override
    public List<Parameter> parameters() {
        return List.of();
    }

    @Override
    public void close() {}

    private final class Maximum implements LayerPass {
        private final Ports ports;
        private final Tensor winners;

        Maximum(Ports ports) {
            this.ports = ports;
            this.winners = backend.zeros(ElementType.U8, ports.y().shape());
        }

        @Override
        public void forward(DropoutPlan drops) {
            backend.images().maxPool(ports.x().get(0), window, ports.y(), winners);
        }

        @Override
        public void backward(DropoutPlan drops) {
            toWinners(ports.dy(), ports.dx().get(0));
        }

        @Override
        public void curvature(Curvature of, Tensor hy, Tensor weights, List<Tensor> hx) {
            if (of != Curvature.EMPIRICAL_FISHER) {
                toWinners(hy, hx.get(0));
            }
            if (of.readsGradient()) {
                toWinners(ports.dy(), ports.dx().get(0));
            }
        }

        private void toWinners(Tensor above, Tensor below) {
            if (below != null) {
                backend.images().maxPoolGradient(above, winners, window, below);
            }
        }

        @Override
        public void close() {
            winners.close();
        }
    }

    private final class Mean implements LayerPass {
        private final Ports ports;
        private final double share = 1.0 / window.places();

        Mean(Ports ports) {
            this.ports = ports;
        }

        @Override
        public void forward(DropoutPlan drops) {
            backend.images().averagePool(ports.x().get(0), window, share, ports.y());
        }

        @Override
        public void backward(DropoutPlan drops) {
            toAll(ports.dy(), share, ports.dx().get(0));
        }

        @Override
        public void curvature(Curvature of, Tensor hy, Tensor weights, List<Tensor> hx) {
            if (of != Curvature.EMPIRICAL_FISHER) {
                toAll(hy, share * share, hx.get(0));
            }
            if (of.readsGradient()) {
                toAll(ports.dy(), share, ports.dx().get(0));
            }
        }

        private void toAll(Tensor above, double scale, Tensor below) {
            if (below != null) {
                backend.images().averagePoolGradient(above, window, scale, below);
            }
        }

        @Override
        public void close() {}
    }
}
