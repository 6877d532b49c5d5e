package io.espalier.network;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory of one forward and backward pass of a network over batches of one size. A value that several layers read has a gradient
 * from each: the first on the way back writes it, the others write beside it and are added.
 */
public final class Pass implements AutoCloseable {
    private final Backend backend;
    private final Tensor indices;
    private final Tensor labels;
    private final List<Tensor> values = new ArrayList<>();
    private final List<Tensor> gradients = new ArrayList<>();
    private final Scratch scratch;
    private final List<List<Tensor>> gradientTargets;
    private final List<LayerPass> layers = new ArrayList<>();

    /** @param backward whether there are gradients */
    Pass(Backend backend, NetworkSpec spec, List<Layer> layers, int members, int batch, boolean backward) {
        this.backend = backend;
        scratch = new Scratch(backend);
        indices = backend.zeros(ElementType.I32, new Shape(members, 1, batch));
        labels = backend.zeros(ElementType.I32, new Shape(members, 1, batch));
        List<Features> shapes = spec.architecture().values();
        for (Features value : shapes) {
            values.add(backend.zeros(ElementType.REAL, new Shape(members, value.count(), batch)));
        }
        for (int value = 0; value < shapes.size(); value++) {
            // The loss writes the gradient of the outputs, whether or not anybody goes on with it.
            boolean needed = value > 0 && backward || value == shapes.size() - 1;
            gradients.add(
                    needed ? backend.zeros(ElementType.REAL, values.get(value).shape()) : null);
        }
        List<Step> steps = spec.architecture().topology().steps();
        gradientTargets = targets(steps, gradients, Scratch.Use.SECOND_GRADIENT);
        for (int step = 0; step < steps.size(); step++) {
            List<Tensor> x = steps.get(step).reads().stream().map(values::get).toList();
            Tensor dy = gradients.get(step + 1);
            this.layers.add(layers.get(step)
                    .between(new Ports(x, values.get(step + 1), dy, gradientTargets.get(step)), scratch));
        }
    }

    /** Where each step writes the derivatives of what it reads, given where they are to be in the end. */
    List<List<Tensor>> targets(List<Step> steps, List<Tensor> derivatives, Scratch.Use beside) {
        List<List<Tensor>> targets = new ArrayList<>();
        boolean[] written = new boolean[derivatives.size()];
        for (int step = steps.size() - 1; step >= 0; step--) {
            List<Tensor> ofStep = new ArrayList<>();
            for (int value : steps.get(step).reads()) {
                Tensor target = derivatives.get(value);
                if (target != null && written[value]) {
                    target = scratch.reals(beside, ofStep.size(), target.shape());
                }
                written[value] = true;
                ofStep.add(target);
            }
            targets.add(0, ofStep);
        }
        return targets;
    }

    /** Adds what a step wrote beside the derivatives of what it read. */
    void gather(Step step, List<Tensor> targets, List<Tensor> derivatives) {
        for (int i = 0; i < targets.size(); i++) {
            Tensor whole = derivatives.get(step.reads().get(i));
            if (targets.get(i) != whole) {
                backend.images().combine(1, targets.get(i), 1, whole);
            }
        }
    }

    /** {@link #gather} for the gradients of a step. */
    void gatherGradients(int index, Step step) {
        gather(step, gradientTargets.get(index), gradients);
    }

    /** Which examples the batch holds, (R, 1, B) I32. */
    public Tensor indices() {
        return indices;
    }

    /** Their labels, (R, 1, B) I32. */
    public Tensor labels() {
        return labels;
    }

    /** What goes into the first layer, (R, inputs, B). */
    public Tensor inputs() {
        return values.get(0);
    }

    /** What comes out of the last layer, (R, outputs, B). */
    public Tensor outputs() {
        return values.get(values.size() - 1);
    }

    /** Gradient of the mean loss by the outputs, which a loss writes, (R, outputs, B). */
    public Tensor outputGradient() {
        return gradients.get(gradients.size() - 1);
    }

    /** A value, (R, features, B): 0 is the input, i + 1 what step i makes. */
    Tensor value(int number) {
        return values.get(number);
    }

    /** Its gradient. */
    Tensor gradient(int number) {
        return gradients.get(number);
    }

    LayerPass layer(int step) {
        return layers.get(step);
    }

    @Override
    public void close() {
        layers.forEach(LayerPass::close);
        scratch.close();
        indices.close();
        labels.close();
        values.forEach(Tensor::close);
        gradients.stream().filter(gradient -> gradient != null).forEach(Tensor::close);
    }
}
