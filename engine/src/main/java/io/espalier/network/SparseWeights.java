package io.espalier.network;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.SparsePattern;
import io.espalier.backend.Tensor;
import java.util.List;

/** Numbers for the connections that are alive, and no others: what is pruned costs neither memory nor time. */
public final class SparseWeights implements WeightStore {
    private final Backend backend;
    private final SparsePattern pattern;
    private final Parameter parameter;

    /** @param masks one a member, (outputs, inputs) row-major */
    SparseWeights(Backend backend, List<byte[]> masks, int outputs, int inputs) {
        this.backend = backend;
        this.pattern = SparsePattern.of(backend, masks, outputs, inputs);
        Shape shape = new Shape(masks.size(), 1, pattern.capacity());
        this.parameter = new Parameter(
                backend.zeros(ElementType.REAL, shape),
                backend.zeros(ElementType.REAL, shape),
                backend.zeros(ElementType.U8, shape),
                pattern,
                null,
                true);
        for (int r = 0; r < masks.size(); r++) {
            parameter.writeMask(backend, r, masks.get(r));
        }
    }

    @Override
    public void forward(Tensor x, Tensor z) {
        backend.sparseLinear(pattern, parameter.value(), x, z);
    }

    @Override
    public void inputGradient(Tensor dz, Tensor dx) {
        backend.sparseInputGradient(pattern, parameter.value(), dz, dx);
    }

    @Override
    public void forward(Windows x, Tensor z) {
        backend.sparseConvolution(pattern, parameter.value(), x.images(), x.window(), x.patches(), z);
    }

    @Override
    public void inputGradient(Tensor dz, Windows x) {
        backend.sparseConvolutionInputGradient(
                pattern, parameter.value(), dz, x.window(), x.patchGradient(), x.imageGradient());
    }

    @Override
    public void weightGradient(Tensor dz, Tensor x) {
        backend.sparseWeightGradient(pattern, dz, x, parameter.gradient());
    }

    @Override
    public void inputCurvature(Derivatives above, Derivatives below) {
        Tensor dx = above.gradient() == null ? null : below.gradient();
        backend.sparseInputCurvature(
                pattern, parameter.value(), above.gradient(), above.curvature(), dx, below.curvature());
    }

    @Override
    public void weightCurvature(Tensor hz, Tensor x, Tensor out) {
        backend.sparseWeightCurvature(pattern, null, hz, x, null, out);
    }

    @Override
    public Parameter parameter() {
        return parameter;
    }

    @Override
    public void close() {
        pattern.close();
        parameter.close();
    }
}
