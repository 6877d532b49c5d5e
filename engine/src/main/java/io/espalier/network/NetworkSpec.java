package io.espalier.network;

import io.espalier.backend.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A network: its architecture and the functions in it.
 *
 * @param activation after every hidden layer
 * @param output after the last layer
 */
public record NetworkSpec(
        Architecture architecture, Activation activation, Activation output, Loss loss, Initialization initialization) {
    private static final int LARGEST_SCALE = 1 << 10;

    /**
     * A multi-layer perceptron.
     *
     * @param sizes inputs, hidden widths, outputs; at least two numbers, each at least 1
     */
    public NetworkSpec(
            List<Integer> sizes, Activation activation, Activation output, Loss loss, Initialization initialization) {
        this(perceptron(sizes), activation, output, loss, initialization);
    }

    private static Architecture perceptron(List<Integer> sizes) {
        if (sizes.size() < 2) {
            throw new IllegalArgumentException("A network needs at least its inputs and its outputs, got " + sizes);
        }
        for (int size : sizes) {
            if (size < 1) {
                throw new IllegalArgumentException("A layer needs at least one unit, got " + size + " in " + sizes);
            }
        }
        return Architecture.perceptron(sizes);
    }

    /** Inputs of the first linear map, then the outputs of every linear map. */
    public List<Integer> sizes() {
        return architecture.sizes();
    }

    /** Linear maps. */
    public int layers() {
        return sizes().size() - 1;
    }

    /** What an example is. */
    public Features input() {
        return architecture.topology().input();
    }

    /** Numbers of an example. */
    public int inputs() {
        return input().count();
    }

    public int outputs() {
        return sizes().get(layers());
    }

    /** Columns of the weights of layer l, from 0: its inputs, or what a window of a convolution has of them. */
    public int inputs(int layer) {
        return architecture.maps().get(layer).inputs();
    }

    /** Outputs of layer l, from 0: its units, or the channels of a convolution. */
    public int outputs(int layer) {
        return sizes().get(layer + 1);
    }

    /** Biases of layer l: none where a normalisation follows. */
    public int biases(int layer) {
        return architecture.maps().get(layer).activated() ? outputs(layer) : 0;
    }

    /** What files call layer l: {@code layers.<i>}, i counting everything that has parameters. */
    public String mapName(int layer) {
        return "layers."
                + architecture.parameterNumber(architecture.maps().get(layer).step());
    }

    /** What files call normalisation n, likewise. */
    public String normName(int norm) {
        return "layers."
                + architecture.parameterNumber(architecture.norms().get(norm).step());
    }

    /** Dimensions of the weights of layer l: (out, in), of a convolution (out, in, kernel, kernel). */
    public Integer[] weightShape(int layer) {
        Architecture.Matrix map = architecture.maps().get(layer);
        boolean convolution = architecture.topology().steps().get(map.step()) instanceof Step.Convolution;
        int places = map.kernel() * map.kernel();
        return convolution
                ? new Integer[] {map.outputs(), map.inputs() / places, map.kernel(), map.kernel()}
                : new Integer[] {map.outputs(), map.inputs()};
    }

    /** The function after layer l. */
    public Activation activation(int layer) {
        if (!architecture.maps().get(layer).activated()) {
            return Activation.LINEAR;
        }
        return layer == layers() - 1 ? output : activation;
    }

    /** P: weights, biases, and what normalisations learn. */
    public int parameters() {
        return (int) architecture.parameters();
    }

    /** Gains and shifts. */
    public int normParameters() {
        return architecture.norms().stream()
                .mapToInt(norm -> 2 * norm.channels())
                .sum();
    }

    /** Weights, the parameters that a mask may remove; biases, gains and shifts never are. */
    public int prunable() {
        int weights = 0;
        for (int layer = 0; layer < layers(); layer++) {
            weights += inputs(layer) * outputs(layer);
        }
        return weights;
    }

    /** Multiply-adds of one example in layer l when all its weights are there. */
    public long multiplyAdds(int layer) {
        Architecture.Matrix map = architecture.maps().get(layer);
        return map.weights() * map.places();
    }

    /** Multiply-adds of one example in all layers. */
    public long multiplyAdds() {
        return java.util.stream.IntStream.range(0, layers())
                .mapToLong(this::multiplyAdds)
                .sum();
    }

    /** The same network with other sizes. */
    public NetworkSpec withSizes(List<Integer> others) {
        return others.equals(sizes())
                ? this
                : new NetworkSpec(
                        architecture.topology().isPerceptron()
                                ? perceptron(others)
                                : new Architecture(architecture.topology(), others),
                        activation,
                        output,
                        loss,
                        initialization);
    }

    /** The same network with another's functions. */
    NetworkSpec like(NetworkSpec other) {
        return new NetworkSpec(architecture, other.activation, other.output, other.loss, other.initialization);
    }

    /** The same network with other functions. */
    public NetworkSpec withActivations(Activation hidden, Activation last) {
        return new NetworkSpec(architecture, hidden, last, loss, initialization);
    }

    /**
     * The same network with all hidden widths times one scale, rounded, none below min(its width, outputs): the largest that
     * has at most so many parameters.
     *
     * @throws IllegalArgumentException if even the narrowest has more
     */
    public NetworkSpec narrowedTo(int maxParameters) {
        return narrowedTo(maxParameters, outputs(), layer -> true);
    }

    /**
     * {@link #narrowedTo(int)} with another least width.
     *
     * @param which layers may become narrower
     */
    public NetworkSpec narrowedTo(int maxParameters, int leastWidth, IntPredicate which) {
        double fits = 0;
        double tooWide = 1;
        NetworkSpec narrowest = withSizes(widths(fits, leastWidth, which));
        if (narrowest.parameters() > maxParameters) {
            throw new IllegalArgumentException("Even the narrowest form of " + this + " has " + narrowest.parameters()
                    + " parameters, more than " + maxParameters);
        }
        if (parameters() <= maxParameters) {
            return this;
        }
        for (int halving = 0; halving < 60; halving++) {
            double scale = (fits + tooWide) / 2;
            if (withSizes(widths(scale, leastWidth, which)).parameters() <= maxParameters) {
                fits = scale;
            } else {
                tooWide = scale;
            }
        }
        return withSizes(widths(fits, leastWidth, which));
    }

    /**
     * The same network with the widths of its free units times one scale, up or down, rounded, none below 1: the largest that has at most so
     * many parameters.
     *
     * @throws IllegalArgumentException if even the narrowest has more
     */
    public NetworkSpec withFreeUnitsScaledTo(int maxParameters) {
        double scale = 1;
        while (scale < LARGEST_SCALE
                && withSizes(widths(2 * scale, 1, this::hasFreeUnits)).parameters() <= maxParameters) {
            scale *= 2;
        }
        NetworkSpec wide = withSizes(widths(2 * scale, 1, this::hasFreeUnits));
        return wide.narrowedTo(maxParameters, 1, this::hasFreeUnits);
    }

    /** Whether single units of layer l may go: no other layer but one reads them, and nothing is added to them. */
    public boolean hasFreeUnits(int layer) {
        return architecture.reader(layer) != Architecture.NONE;
    }

    /** The same network with one unit less in layer l. */
    public NetworkSpec withoutAUnitIn(int layer) {
        List<Integer> widths = new ArrayList<>(sizes());
        widths.set(layer + 1, outputs(layer) - 1);
        return withSizes(widths);
    }

    /** The same network with all hidden widths times a whole number. */
    public NetworkSpec widenedBy(int factor) {
        if (factor < 1) {
            throw new IllegalArgumentException("Hidden layers are widened by a factor of at least 1, got " + factor);
        }
        List<Integer> widths = new ArrayList<>(sizes());
        for (int i = 1; i < layers(); i++) {
            widths.set(i, Math.multiplyExact(sizes().get(i), factor));
        }
        return withSizes(widths);
    }

    private List<Integer> widths(double scale, int leastWidth, IntPredicate which) {
        List<Integer> widths = new ArrayList<>(sizes());
        for (int i = 1; i < layers(); i++) {
            if (which.test(i - 1)) {
                int least = Math.min(sizes().get(i), leastWidth);
                widths.set(i, Math.max(least, (int) Math.round(scale * sizes().get(i))));
            }
        }
        return widths;
    }

    /** Such as 784-300-100-10. */
    @Override
    public String toString() {
        return architecture.toString();
    }
}
