package io.espalier.network;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import java.util.Arrays;

/** One number for every connection, with a mask: 1 alive, 0 pruned. Pruned weights are exact zeros. */
public final class DenseWeights implements WeightStore {
    private final Backend backend;
    private final Parameter parameter;

    DenseWeights(Backend backend, Shape shape) {
        this.backend = backend;
        this.parameter = new Parameter(
                backend.zeros(ElementType.REAL, shape),
                backend.zeros(ElementType.REAL, shape),
                backend.zeros(ElementType.U8, shape),
                null,
                null,
                true);
        byte[] alive = new byte[shape.perMember()];
        Arrays.fill(alive, (byte) 1);
        for (int r = 0; r < shape.members(); r++) {
            backend.write(parameter.mask(), r, alive);
        }
    }

    @Override
    public void forward(Tensor x, Tensor z) {
        backend.linear(parameter.value(), x, z);
    }

    @Override
    public void inputGradient(Tensor dz, Tensor dx) {
        backend.linearInputGradient(parameter.value(), dz, dx);
    }

    @Override
    public void weightGradient(Tensor dz, Tensor x) {
        backend.linearWeightGradient(dz, x, parameter.gradient());
    }

    @Override
    public void forward(Windows x, Tensor z) {
        backend.convolution(parameter.value(), x.images(), x.window(), x.patches(), z);
    }

    @Override
    public void inputGradient(Tensor dz, Windows x) {
        backend.convolutionInputGradient(parameter.value(), dz, x.window(), x.patchGradient(), x.imageGradient());
    }

    @Override
    public void weightGradient(Tensor dz, Windows x) {
        backend.convolutionWeightGradient(dz, x.images(), x.window(), x.patches(), parameter.gradient());
    }

    @Override
    public void inputCurvature(Derivatives above, Derivatives below) {
        backend.linearInputCurvature(
                parameter.value(), above.gradient(), above.curvature(), below.gradient(), below.curvature());
    }

    @Override
    public void weightCurvature(Tensor hz, Tensor x, Tensor out) {
        backend.linearWeightCurvature(null, hz, x, null, out);
    }

    @Override
    public Parameter parameter() {
        return parameter;
    }

    @Override
    public void close() {
        parameter.close();
    }
}
