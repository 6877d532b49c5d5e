package io.espalier.network;

import io.espalier.backend.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A topology and the sizes of its linear maps, from which everything else follows. Maps are counted from 0 in the order of the steps,
 * and so are normalisations. A value: two of the same steps and sizes are equal.
 */
public final class Architecture {
    /** What {@link #reader} says of a map whose units cannot be told apart from others' further on. */
    public static final int NONE = -1;

    private final Topology topology;
    private final List<Integer> sizes;
    private final List<Features> values = new ArrayList<>();
    private final List<Matrix> maps = new ArrayList<>();
    private final List<Norm> norms = new ArrayList<>();

    /**
     * The matrix of a linear map.
     *
     * @param step its place among the steps
     * @param inputs of one product: pixels of a window in the channels that an output sees
     * @param kernel 1 where it is fully connected
     * @param places products for one example: the windows of an image
     */
    record Matrix(int step, int outputs, int inputs, int kernel, int groups, int places, boolean activated) {
        long weights() {
            return (long) outputs * inputs;
        }
    }

    /** A batch normalisation. */
    record Norm(int step, int channels) {}

    /**
     * An architecture.
     *
     * @param sizes inputs of the first map, then the outputs of every map; each at least 1
     * @throws IllegalArgumentException if they do not fit together
     */
    public Architecture(Topology topology, List<Integer> sizes) {
        this.topology = topology;
        this.sizes = List.copyOf(sizes);
        values.add(topology.input());
        for (Step step : topology.steps()) {
            values.add(result(step, values.size() - 1));
        }
        if (sizes.size() != maps.size() + 1 || maps.get(0).inputs != sizes.get(0)) {
            throw new IllegalArgumentException("Network " + topology.name() + " cannot have layers of sizes " + sizes
                    + ": it needs " + maps.get(0).inputs + " inputs and the outputs of " + maps.size() + " layers");
        }
        if (parameters() > Integer.MAX_VALUE / 4) {
            throw new IllegalArgumentException("A network of " + parameters() + " parameters is too large");
        }
    }

    /** Fully connected layers. */
    static Architecture perceptron(List<Integer> sizes) {
        return new Architecture(Topology.perceptron(sizes.get(0), sizes.size() - 1), sizes);
    }

    private Features result(Step step, int index) {
        Features from = values.get(step.reads().get(0));
        if (step instanceof Step.FullyConnected) {
            int outputs = nextSize();
            maps.add(new Matrix(index, outputs, from.count(), 1, 1, 1, true));
            return Features.vector(outputs);
        } else if (step instanceof Step.Convolution convolution) {
            return convolved(convolution, from, index);
        } else if (step instanceof Step.Normalisation) {
            norms.add(new Norm(index, from.channels()));
            return from;
        } else if (step instanceof Step.Pool pool) {
            Window window = window(from, pool.kernel(), pool.stride(), 0);
            return new Features(from.channels(), window.outputHeight(), window.outputWidth());
        } else if (step instanceof Step.GlobalAverage) {
            requireSquare(from);
            return Features.vector(from.channels());
        }
        Features other = values.get(step.reads().get(1));
        if (step instanceof Step.Sum) {
            if (!from.equals(other)) {
                throw new IllegalArgumentException("Features of " + from + " and of " + other + " have no sum");
            }
            return from;
        }
        if (from.height() != other.height() || from.width() != other.width()) {
            throw new IllegalArgumentException("Images of " + from + " and of " + other + " cannot be put together");
        }
        return new Features(from.channels() + other.channels(), from.height(), from.width());
    }

    private Features convolved(Step.Convolution step, Features from, int index) {
        int outputs = nextSize();
        if (from.channels() % step.groups() != 0 || outputs % step.groups() != 0) {
            throw new IllegalArgumentException(from.channels() + " channels and " + outputs
                    + " outputs cannot be divided into " + step.groups() + " groups");
        }
        Window window = window(from, step.kernel(), step.stride(), step.padding());
        Features to = new Features(outputs, window.outputHeight(), window.outputWidth());
        int inputs = from.channels() / step.groups() * window.places();
        maps.add(new Matrix(index, outputs, inputs, step.kernel(), step.groups(), to.places(), step.activated()));
        return to;
    }

    private int nextSize() {
        int place = maps.size() + 1;
        if (place >= sizes.size()) {
            throw new IllegalArgumentException("Network " + topology.name() + " has more than the " + (sizes.size() - 1)
                    + " layers of sizes " + sizes);
        }
        return sizes.get(place);
    }

    static Window window(Features image, int kernel, int stride, int padding) {
        return new Window(image.channels(), image.height(), image.width(), kernel, stride, padding);
    }

    private static void requireSquare(Features image) {
        if (image.height() != image.width()) {
            throw new IllegalArgumentException("Only square images have a mean of every channel here, not " + image);
        }
    }

    public Topology topology() {
        return topology;
    }

    /** Inputs of the first map, then the outputs of every map. */
    public List<Integer> sizes() {
        return sizes;
    }

    /** The shapes of all values: the input, then what every step makes. */
    public List<Features> values() {
        return List.copyOf(values);
    }

    List<Matrix> maps() {
        return maps;
    }

    List<Norm> norms() {
        return norms;
    }

    /** Weights, biases, gains and shifts. */
    public long parameters() {
        long parameters = 0;
        for (Matrix map : maps) {
            parameters += map.weights() + (map.activated ? map.outputs : 0);
        }
        for (Norm norm : norms) {
            parameters += 2L * norm.channels;
        }
        return parameters;
    }

    /** The most numbers of one example that a map multiplies with: the pixels of all windows of a convolution. */
    public long largestPatches() {
        return maps.stream()
                .filter(map -> map.kernel > 1)
                .mapToLong(map -> (long) map.inputs * map.groups * map.places)
                .max()
                .orElse(0);
    }

    /**
     * For every step the map whose units its value shows, after their activation, or {@value #NONE}: the map's own, or that of the
     * first normalisation behind it.
     */
    int[] mapShownBySteps() {
        int[] shown = new int[topology.steps().size()];
        java.util.Arrays.fill(shown, NONE);
        for (int map = 0; map < maps.size(); map++) {
            int step = maps.get(map).step;
            if (maps.get(map).activated) {
                shown[step] = map;
            } else {
                List<Integer> passed = normsOnTheWay(map);
                int at = passed.isEmpty() ? step : norms.get(passed.get(0)).step;
                shown[at] = map;
            }
        }
        return shown;
    }

    /** The place of a step among those that have parameters, by which files call it. */
    int parameterNumber(int step) {
        int before = 0;
        for (Step earlier : topology.steps().subList(0, step)) {
            if (earlier instanceof Step.LinearMap || earlier instanceof Step.Normalisation) {
                before++;
            }
        }
        return before;
    }

    /**
     * The map that alone reads what a map's units give, so that a unit may go together with the columns that read it;
     * {@value #NONE} where units are added to others', lie beside others', are read more than once, or are the network's outputs.
     */
    public int reader(int map) {
        int step = onlyReaderOf(maps.get(map).step + 1);
        while (step != NONE && passesUnitsOn(step)) {
            step = onlyReaderOf(step + 1);
        }
        if (step == NONE || !(topology.steps().get(step) instanceof Step.LinearMap)) {
            return NONE;
        }
        int reader = mapAt(step);
        return maps.get(reader).groups == 1 && maps.get(map).groups == 1 ? reader : NONE;
    }

    /** The normalisations that a map's units pass on their way to {@link #reader}. */
    public List<Integer> normsOnTheWay(int map) {
        List<Integer> passed = new ArrayList<>();
        int step = onlyReaderOf(maps.get(map).step + 1);
        while (step != NONE && passesUnitsOn(step)) {
            for (int norm = 0; norm < norms.size(); norm++) {
                if (norms.get(norm).step == step) {
                    passed.add(norm);
                }
            }
            step = onlyReaderOf(step + 1);
        }
        return passed;
    }

    private boolean passesUnitsOn(int index) {
        Step step = topology.steps().get(index);
        return step instanceof Step.Normalisation || step instanceof Step.Pool || step instanceof Step.GlobalAverage;
    }

    private int onlyReaderOf(int value) {
        int only = NONE;
        for (int step = 0; step < topology.steps().size(); step++) {
            if (topology.steps().get(step).reads().contains(value)) {
                if (only != NONE) {
                    return NONE;
                }
                only = step;
            }
        }
        return only;
    }

    private int mapAt(int step) {
        for (int map = 0; map < maps.size(); map++) {
            if (maps.get(map).step == step) {
                return map;
            }
        }
        throw new IllegalStateException("Step " + step + " has no weights");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Architecture that && topology.equals(that.topology) && sizes.equals(that.sizes);
    }

    @Override
    public int hashCode() {
        return Objects.hash(topology, sizes);
    }

    /** Such as 784-300-100-10, lenet-5, or lenet-5 of 9840 parameters where its sizes are not those that the name stands for. */
    @Override
    public String toString() {
        if (topology.isPerceptron()) {
            return sizes.stream().map(String::valueOf).collect(Collectors.joining("-"));
        }
        return sizes.equals(topology.sizes())
                ? topology.name()
                : topology.name() + " of " + parameters() + " parameters";
    }
}
