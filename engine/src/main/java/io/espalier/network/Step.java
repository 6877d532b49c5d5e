package io.espalier.network;

import java.util.List;

/** How a network makes one value of others. Values are counted from the network's input, 0; step i makes value i + 1. */
public sealed interface Step {
    /** The values that it reads, all made before it. */
    List<Integer> reads();

    /** A step that has a matrix of weights: how many outputs it has is not its own, but the architecture's to say. */
    sealed interface LinearMap extends Step {
        /** The value that it reads. */
        int from();

        /** Whether a bias and the activation come after the product. */
        boolean activated();

        @Override
        default List<Integer> reads() {
            return List.of(from());
        }
    }

    /** f(w x + b) of everything in a value: an image is flattened. */
    record FullyConnected(int from) implements LinearMap {
        @Override
        public boolean activated() {
            return true;
        }
    }

    /**
     * w * x, or f(w * x + b), over all windows of an image.
     *
     * @param groups parts into which inputs and outputs are divided, each output seeing the inputs of its part only
     */
    record Convolution(int from, int kernel, int stride, int padding, int groups, boolean activated)
            implements LinearMap {
        /** Over all channels. */
        public Convolution(int from, int kernel, int stride, int padding, boolean activated) {
            this(from, kernel, stride, padding, 1, activated);
        }
    }

    /** f(batch normalisation of x), a gain and a shift a channel. */
    record Normalisation(int from) implements Step {
        @Override
        public List<Integer> reads() {
            return List.of(from);
        }
    }

    /** The largest, or the mean, of every window. */
    record Pool(Kind kind, int from, int kernel, int stride) implements Step {
        /** What is taken of a window. */
        public enum Kind {
            MAX,
            AVERAGE
        }

        @Override
        public List<Integer> reads() {
            return List.of(from);
        }
    }

    /** The mean of every channel. */
    record GlobalAverage(int from) implements Step {
        @Override
        public List<Integer> reads() {
            return List.of(from);
        }
    }

    /** x + y: the two ways around and through a residual block. */
    record Sum(int first, int second) implements Step {
        @Override
        public List<Integer> reads() {
            return List.of(first, second);
        }
    }

    /** The channels of x, then those of y. */
    record Concatenation(int first, int second) implements Step {
        @Override
        public List<Integer> reads() {
            return List.of(first, second);
        }
    }
}
