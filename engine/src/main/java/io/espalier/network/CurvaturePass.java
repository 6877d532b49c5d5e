package io.espalier.network;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The memory of one curvature pass, beside that of the forward pass which comes before it. */
public final class CurvaturePass implements AutoCloseable {
    private final Curvature kind;
    private final List<Tensor> outputs = new ArrayList<>();
    private final List<Tensor> weights = new ArrayList<>();

    CurvaturePass(Backend backend, Network network, int batch, Curvature kind) {
        this.kind = kind;
        NetworkSpec spec = network.spec();
        for (int layer = 0; layer < spec.layers(); layer++) {
            outputs.add(backend.zeros(ElementType.REAL, new Shape(network.members(), spec.outputs(layer), batch)));
        }
        for (Parameter weight : network.prunable()) {
            weights.add(backend.zeros(ElementType.REAL, weight.value().shape()));
        }
    }

    Curvature kind() {
        return kind;
    }

    /** What the last pass found for every weight: one tensor for each of {@code Network.prunable()}, of its shape. */
    public List<Tensor> weights() {
        return List.copyOf(weights);
    }

    /** Curvature of what layer l gives. */
    Tensor output(int layer) {
        return outputs.get(layer);
    }

    @Override
    public void close() {
        outputs.forEach(Tensor::close);
        weights.forEach(Tensor::close);
    }
}
