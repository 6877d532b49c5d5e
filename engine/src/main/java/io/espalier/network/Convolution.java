package io.espalier.network;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.backend.Window;
import java.util.List;

/**
 * A fully connected layer of every window: a product with the windows' pixels, (R, C k k, Ho Wo B), however the weights are stored.
 *
 * <p>Its curvature is that of the product. A weight meets an image in many places; of the Hessian between these the diagonal is kept,
 * as of everything else ({@link Curvature}). The empirical Fisher information is exact: the squares are of whole examples' gradients.
 */
final class Convolution implements Layer {
    private final Backend backend;
    private final FullyConnected product;
    private final Window window;
    private final int outputs;

    Convolution(Backend backend, FullyConnected product, Window window, int outputs) {
        this.backend = backend;
        this.product = product;
        this.window = window;
        this.outputs = outputs;
    }

    @Override
    public LayerPass between(Ports ports, Scratch scratch) {
        return new AtWork(ports, scratch);
    }

    @Override
    public List<Parameter> parameters() {
        return product.parameters();
    }

    @Override
    public void close() {
        product.close();
    }

    /** Whether the images are the patches. */
    private boolean isPointwise() {
        return window.kernel() == 1 && window.stride() == 1;
    }

    private final class AtWork implements LayerPass {
        private final Tensor dx;
        private final Scratch scratch;
        private final Shape patchShape;
        private final Shape productShape;
        private final Operand input;
        private final Tensor dy;
        private final int batch;
        private final FullyConnected.AtWork inner;
        private Fisher fisher;

        AtWork(Ports ports, Scratch scratch) {
            this.scratch = scratch;
            Tensor x = ports.x().get(0);
            dx = ports.dx().get(0);
            batch = x.shape().columns();
            patchShape = window.patches(x.shape().members(), batch);
            productShape = new Shape(x.shape().members(), outputs, patchShape.columns());
            Tensor patchGradient = dx == null ? null : patchesFor(dx, Scratch.Use.PATCH_GRADIENT);
            Tensor patches = patchesFor(x, Scratch.Use.PATCHES);
            input = isPointwise()
                    ? new Operand.Features(patches, patchGradient)
                    : new Windows(backend, x, dx, window, patches, patchGradient);
            dy = ports.dy() == null ? null : backend.view(ports.dy(), productShape);
            inner = product.between(input, backend.view(ports.y(), productShape), dy);
        }

        private Tensor patchesFor(Tensor images, Scratch.Use use) {
            return isPointwise() ? backend.view(images, patchShape) : scratch.reals(use, patchShape);
        }

        private void fold(Tensor from, Tensor images) {
            if (images != null && !isPointwise()) {
                backend.images().foldPatches(from, window, images);
            }
        }

        @Override
        public void forward(DropoutPlan drops) {
            inner.forward(drops);
        }

        @Override
        public void backward(DropoutPlan drops) {
            inner.backward(drops);
        }

        @Override
        public void curvature(Curvature kind, Tensor hy, Tensor weights, List<Tensor> hx) {
            input.look();
            if (kind == Curvature.EMPIRICAL_FISHER) {
                inner.gradientOfProduct();
                if (fisher == null) {
                    fisher = new Fisher();
                }
                fisher.addSquares(weights);
                if (dx != null) {
                    input.inputGradient(product.weights(), dy);
                }
                return;
            }
            Tensor below = hx.get(0);
            Tensor patchCurvature = below == null ? null : patchesFor(below, Scratch.Use.PATCH_CURVATURE);
            inner.curvature(
                    kind, backend.view(hy, productShape), weights, java.util.Collections.singletonList(patchCurvature));
            fold(patchCurvature, below);
            if (kind.readsGradient()) {
                fold(input.dx(), dx);
            }
        }

        @Override
        public void close() {
            if (fisher != null) {
                fisher.close();
            }
        }

        /** The squares of the examples' own gradients, one example after the other. */
        private final class Fisher implements AutoCloseable {
            private final Tensor column = backend.zeros(ElementType.I32, Shape.scalars(patchShape.members()));
            private final Tensor onePatches = of(patchShape);
            private final Tensor oneGradient = of(productShape);
            private final Tensor square = backend.zeros(
                    ElementType.REAL, product.weights().parameter().value().shape());

            /** What one example has of a shape with the columns of all. */
            private Tensor of(Shape all) {
                return backend.zeros(ElementType.REAL, new Shape(all.members(), all.rows(), all.columns() / batch));
            }

            private void pick(Tensor all, Tensor one) {
                int numbers = one.shape().perMember();
                Shape byExample = new Shape(one.shape().members(), numbers, batch);
                backend.gatherColumns(
                        backend.view(all, byExample),
                        column,
                        backend.view(one, new Shape(one.shape().members(), numbers, 1)));
            }

            void addSquares(Tensor weights) {
                backend.clear(weights);
                for (int example = 0; example < batch; example++) {
                    backend.range(example, column);
                    pick(input.x(), onePatches);
                    pick(dy, oneGradient);
                    product.weights().weightGradient(oneGradient, onePatches);
                    // The gradient is of the mean loss of B examples: B times g is the example's own, and 1 / B its
                    // share.
                    backend.square(product.weights().parameter().gradient(), batch, square);
                    backend.images().combine(1, square, 1, weights);
                }
            }

            @Override
            public void close() {
                column.close();
                onePatches.close();
                oneGradient.close();
                square.close();
            }
        }
    }
}
