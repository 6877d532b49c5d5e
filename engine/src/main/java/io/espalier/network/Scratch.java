package io.espalier.network;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import java.util.HashMap;
import java.util.Map;

/** Memory of a pass that layers take turns with: what is in it lasts for one call of one layer. */
final class Scratch implements AutoCloseable {
    /** What a layer has at the same time. */
    enum Use {
        PATCHES,
        PATCH_GRADIENT,
        PATCH_CURVATURE,
        SECOND_GRADIENT,
        SECOND_CURVATURE
    }

    private record Key(Use use, int number, Shape shape) {}

    private final Backend backend;
    private final Map<Key, Tensor> tensors = new HashMap<>();

    Scratch(Backend backend) {
        this.backend = backend;
    }

    Tensor reals(Use use, Shape shape) {
        return reals(use, 0, shape);
    }

    /** One of several that a layer has for the same use. */
    Tensor reals(Use use, int number, Shape shape) {
        return tensors.computeIfAbsent(new Key(use, number, shape), key -> backend.zeros(ElementType.REAL, key.shape));
    }

    @Override
    public void close() {
        tensors.values().forEach(Tensor::close);
    }
}
