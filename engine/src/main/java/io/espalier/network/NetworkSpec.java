package io.espalier.network;

import io.espalier.backend.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A multi-layer perceptron.
 *
 * @param sizes inputs, hidden widths, outputs; at least two numbers, each at least 1
 * @param activation after every hidden layer
 * @param output after the last layer
 */
public record NetworkSpec(
        List<Integer> sizes, Activation activation, Activation output, Loss loss, Initialization initialization) {
    public NetworkSpec {
        sizes = List.copyOf(sizes);
        if (sizes.size() < 2) {
            throw new IllegalArgumentException("A network needs at least its inputs and its outputs, got " + sizes);
        }
        for (int size : sizes) {
            if (size < 1) {
                throw new IllegalArgumentException("A layer needs at least one unit, got " + size + " in " + sizes);
            }
        }
        if (parameters(sizes) > Integer.MAX_VALUE / 4) {
            throw new IllegalArgumentException("A network of " + parameters(sizes) + " parameters is too large");
        }
    }

    /** Linear maps. */
    public int layers() {
        return sizes.size() - 1;
    }

    public int inputs() {
        return sizes.get(0);
    }

    public int outputs() {
        return sizes.get(layers());
    }

    /** Inputs of layer l, from 0. */
    public int inputs(int layer) {
        return sizes.get(layer);
    }

    /** Outputs of layer l, from 0. */
    public int outputs(int layer) {
        return sizes.get(layer + 1);
    }

    /** The function after layer l. */
    public Activation activation(int layer) {
        return layer == layers() - 1 ? output : activation;
    }

    /** P: weights and biases. */
    public int parameters() {
        return (int) parameters(sizes);
    }

    /** Weights, the parameters that a mask may remove; biases never are. */
    public int prunable() {
        int weights = 0;
        for (int layer = 0; layer < layers(); layer++) {
            weights += inputs(layer) * outputs(layer);
        }
        return weights;
    }

    /** The same network with layers of other sizes. */
    public NetworkSpec withSizes(List<Integer> others) {
        return new NetworkSpec(others, activation, output, loss, initialization);
    }

    /**
     * The same network with all hidden widths times one scale, rounded, none below min(its width, outputs): the largest that
     * has at most so many parameters.
     *
     * @throws IllegalArgumentException if even the narrowest has more
     */
    public NetworkSpec narrowedTo(int maxParameters) {
        return narrowedTo(maxParameters, outputs());
    }

    /** {@link #narrowedTo(int)} with another least width. */
    public NetworkSpec narrowedTo(int maxParameters, int leastWidth) {
        double fits = 0;
        double tooWide = 1;
        int narrowest = (int) parameters(widths(fits, leastWidth));
        if (narrowest > maxParameters) {
            throw new IllegalArgumentException("Even the narrowest form of " + this + " has " + narrowest
                    + " parameters, more than " + maxParameters);
        }
        if (parameters() <= maxParameters) {
            return this;
        }
        for (int halving = 0; halving < 60; halving++) {
            double scale = (fits + tooWide) / 2;
            if (parameters(widths(scale, leastWidth)) <= maxParameters) {
                fits = scale;
            } else {
                tooWide = scale;
            }
        }
        return withSizes(widths(fits, leastWidth));
    }

    /** The same network with one unit less in hidden layer l. */
    public NetworkSpec withoutAUnitIn(int layer) {
        List<Integer> widths = new ArrayList<>(sizes);
        widths.set(layer + 1, sizes.get(layer + 1) - 1);
        return withSizes(widths);
    }

    /** The same network with all hidden widths times a whole number. */
    public NetworkSpec widenedBy(int factor) {
        if (factor < 1) {
            throw new IllegalArgumentException("Hidden layers are widened by a factor of at least 1, got " + factor);
        }
        List<Integer> widths = new ArrayList<>(sizes);
        for (int i = 1; i < layers(); i++) {
            widths.set(i, Math.multiplyExact(sizes.get(i), factor));
        }
        return withSizes(widths);
    }

    private List<Integer> widths(double scale, int leastWidth) {
        List<Integer> widths = new ArrayList<>(sizes);
        for (int i = 1; i < layers(); i++) {
            int least = Math.min(sizes.get(i), leastWidth);
            widths.set(i, Math.max(least, (int) Math.round(scale * sizes.get(i))));
        }
        return widths;
    }

    private static long parameters(List<Integer> sizes) {
        long parameters = 0;
        for (int i = 1; i < sizes.size(); i++) {
            parameters += (sizes.get(i - 1) + 1L) * sizes.get(i);
        }
        return parameters;
    }

    /** Such as 784-300-100-10. */
    @Override
    public String toString() {
        return sizes.stream().map(String::valueOf).collect(Collectors.joining("-"));
    }
}
