package io.espalier.network;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The memory of one forward and backward pass of a network over batches of one size. */
public final class Pass implements AutoCloseable {
    private final Tensor indices;
    private final Tensor labels;
    private final List<Tensor> activations = new ArrayList<>();
    private final List<Tensor> gradients = new ArrayList<>();

    Pass(Backend backend, NetworkSpec spec, int members, int batch) {
        indices = backend.zeros(ElementType.I32, new Shape(members, 1, batch));
        labels = backend.zeros(ElementType.I32, new Shape(members, 1, batch));
        for (int width : spec.sizes()) {
            activations.add(backend.zeros(ElementType.REAL, new Shape(members, width, batch)));
        }
        for (int layer = 0; layer < spec.layers(); layer++) {
            gradients.add(backend.zeros(ElementType.REAL, new Shape(members, spec.outputs(layer), batch)));
        }
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
        return activations.get(0);
    }

    /** What comes out of the last layer, (R, outputs, B). */
    public Tensor outputs() {
        return activations.get(activations.size() - 1);
    }

    /** Gradient of the mean loss by the outputs, which a loss writes, (R, outputs, B). */
    public Tensor outputGradient() {
        return gradients.get(gradients.size() - 1);
    }

    /** What goes into layer l; for l = layers, the outputs. */
    Tensor activation(int layer) {
        return activations.get(layer);
    }

    /** Gradient of what layer l gives. */
    Tensor gradient(int layer) {
        return gradients.get(layer);
    }

    @Override
    public void close() {
        indices.close();
        labels.close();
        activations.forEach(Tensor::close);
        gradients.forEach(Tensor::close);
    }
}
