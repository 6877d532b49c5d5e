package io.espalier.network;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Dense weights of several maps side by side: group g of the outputs sees group g of the inputs. Each product is one of its group's
 * rows, which are copied out and in. Pruned weights stay as zeros.
 */
public final class GroupedWeights implements WeightStore {
    private final Backend backend;
    private final Shape shape;
    private final int groups;
    private final DenseWeights whole;
    private final Map<Part, Tensor> parts = new HashMap<>();

    /** Whose rows of a group are copied, and how many columns they have. */
    private record Part(String of, int rows, int columns) {}

    /** @param shape (R, outputs of all groups, inputs of one) */
    GroupedWeights(Backend backend, Shape shape, int groups) {
        this.backend = backend;
        this.shape = shape;
        this.groups = groups;
        this.whole = new DenseWeights(backend, shape);
    }

    private Tensor part(String of, int rows, int columns) {
        return parts.computeIfAbsent(
                new Part(of, rows, columns),
                part -> backend.zeros(ElementType.REAL, new Shape(shape.members(), part.rows, part.columns)));
    }

    /** A group's rows of a tensor that has all. */
    private Tensor copy(String name, Tensor all, int group) {
        int rows = all.shape().rows() / groups;
        Tensor part = part(name, rows, all.shape().columns());
        backend.clear(part);
        backend.images().addRows(all, group * rows, part);
        return part;
    }

    /** Has every group write its rows of a tensor that has all. */
    private void each(Tensor all, BiConsumer<Integer, Tensor> writes) {
        int rows = all.shape().rows() / groups;
        for (int group = 0; group < groups; group++) {
            Tensor part = part("out", rows, all.shape().columns());
            writes.accept(group, part);
            backend.images().copyRows(part, all, group * rows);
        }
    }

    private Tensor weights(int group) {
        return copy("w", whole.parameter().value(), group);
    }

    @Override
    public void forward(Tensor x, Tensor z) {
        each(z, (group, part) -> backend.linear(weights(group), copy("x", x, group), part));
    }

    @Override
    public void inputGradient(Tensor dz, Tensor dx) {
        each(dx, (group, part) -> backend.linearInputGradient(weights(group), copy("dz", dz, group), part));
    }

    @Override
    public void weightGradient(Tensor dz, Tensor x) {
        each(
                parameter().gradient(),
                (group, part) -> backend.linearWeightGradient(copy("dz", dz, group), copy("x", x, group), part));
    }

    @Override
    public void inputCurvature(Derivatives above, Derivatives below) {
        if (above.gradient() != null) {
            inputGradient(above.gradient(), below.gradient());
        }
        each(
                below.curvature(),
                (group, part) -> backend.linearInputCurvature(
                        weights(group), null, copy("dz", above.curvature(), group), null, part));
    }

    @Override
    public void weightCurvature(Tensor hz, Tensor x, Tensor out) {
        each(
                out,
                (group, part) ->
                        backend.linearWeightCurvature(null, copy("dz", hz, group), copy("x", x, group), null, part));
    }

    @Override
    public Parameter parameter() {
        return whole.parameter();
    }

    @Override
    public void close() {
        parts.values().forEach(Tensor::close);
        whole.close();
    }
}
