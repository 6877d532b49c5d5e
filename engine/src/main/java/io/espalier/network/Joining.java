package io.espalier.network;

import io.espalier.backend.Backend;
import io.espalier.backend.Tensor;
import java.util.List;

/** Two values as one: their sum, or the one's channels and then the other's. */
final class Joining implements Layer {
    private final Backend backend;
    private final boolean sum;

    private Joining(Backend backend, boolean sum) {
        this.backend = backend;
        this.sum = sum;
    }

    /** x + y. */
    static Joining sum(Backend backend) {
        return new Joining(backend, true);
    }

    /** The channels of x, then those of y. */
    static Joining concatenation(Backend backend) {
        return new Joining(backend, false);
    }

    @Override
    public LayerPass between(Ports ports, Scratch scratch) {
        return new AtWork(ports);
    }

    @Override
    public List<Parameter> parameters() {
        return List.of();
    }

    @Override
    public void close() {}

    private final class AtWork implements LayerPass {
        private final Ports ports;

        AtWork(Ports ports) {
            this.ports = ports;
        }

        @Override
        public void forward(DropoutPlan drops) {
            Tensor second = ports.x().get(1);
            backend.images().copyRows(ports.x().get(0), ports.y(), 0);
            if (sum) {
                backend.images().combine(1, second, 1, ports.y());
            } else {
                backend.images().copyRows(second, ports.y(), rows(ports.x().get(0)));
            }
        }

        @Override
        public void backward(DropoutPlan drops) {
            share(ports.dy(), ports.dx());
        }

        @Override
        public void curvature(Curvature kind, Tensor hy, Tensor weights, List<Tensor> hx) {
            if (kind != Curvature.EMPIRICAL_FISHER) {
                share(hy, hx);
            }
            if (kind.readsGradient()) {
                share(ports.dy(), ports.dx());
            }
        }

        /** Gives each side what is its own: everything of a sum, its rows of a concatenation. */
        private void share(Tensor above, List<Tensor> below) {
            for (int side = 0; side < below.size(); side++) {
                Tensor to = below.get(side);
                if (to == null) {
                    continue;
                }
                if (sum) {
                    backend.images().copyRows(above, to, 0);
                } else {
                    backend.clear(to);
                    backend.images()
                            .addRows(above, side == 0 ? 0 : rows(ports.x().get(0)), to);
                }
            }
        }

        @Override
        public void close() {}
    }

    private static int rows(Tensor tensor) {
        return tensor.shape().rows();
    }
}
