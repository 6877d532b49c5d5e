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
    private final List<Tensor> curvatures = new ArrayList<>();
    private final List<Tensor> weights = new ArrayList<>();
    private List<List<Tensor>> targets;

    CurvaturePass(Backend backend, Network network, int batch, Curvature kind) {
        this.kind = kind;
        List<Features> values = network.spec().architecture().values();
        for (int value = 0; value < values.size(); value++) {
            Shape shape = new Shape(network.members(), values.get(value).count(), batch);
            curvatures.add(value == 0 ? null : backend.zeros(ElementType.REAL, shape));
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

    /** Curvature of the network's outputs. */
    Tensor ofOutputs() {
        return curvatures.get(curvatures.size() - 1);
    }

    /** One layer's part of a pass. */
    void layer(int step, NetworkSpec spec, Pass pass, Tensor ofWeights) {
        List<Step> steps = spec.architecture().topology().steps();
        if (targets == null) {
            targets = pass.targets(steps, curvatures, Scratch.Use.SECOND_CURVATURE);
        }
        pass.layer(step).curvature(kind, curvatures.get(step + 1), ofWeights, targets.get(step));
        if (kind != Curvature.EMPIRICAL_FISHER) {
            pass.gather(steps.get(step), targets.get(step), curvatures);
        }
        if (kind.readsGradient()) {
            pass.gatherGradients(step, steps.get(step));
        }
    }

    @Override
    public void close() {
        curvatures.stream().filter(curvature -> curvature != null).forEach(Tensor::close);
        weights.forEach(Tensor::close);
    }
}
