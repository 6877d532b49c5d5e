package io.espalier.backend.cuda;

import static io.espalier.backend.cuda.DeviceTensor.at;

import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.kernels.Kernels;

/** Products in float32 by our own kernels: a member has the same bits in every cohort. */
final class KernelProducts implements DenseProducts {
    private final KernelDevice device;
    private final long stream;

    KernelProducts(KernelDevice device) {
        this.device = device;
        this.stream = device.stream();
    }

    @Override
    public String backend() {
        return "cuda";
    }

    @Override
    public double unitRoundoff() {
        return 0x1p-24;
    }

    @Override
    public void linear(Tensor w, Tensor x, Tensor z) {
        Shape s = w.shape();
        device.check(
                "linear",
                Kernels.espalier_linear(
                        s.members(), s.rows(), s.columns(), x.shape().columns(), at(w), at(x), at(z), stream));
    }

    @Override
    public void linearInputGradient(Tensor w, Tensor dz, Tensor dx) {
        Shape s = w.shape();
        device.check(
                "linearInputGradient",
                Kernels.espalier_linear_input_gradient(
                        s.members(), s.rows(), s.columns(), dz.shape().columns(), at(w), at(dz), at(dx), stream));
    }

    @Override
    public void linearWeightGradient(Tensor dz, Tensor x, Tensor dw) {
        Shape s = dw.shape();
        device.check(
                "linearWeightGradient",
                Kernels.espalier_linear_weight_gradient(
                        s.members(), s.rows(), s.columns(), x.shape().columns(), at(dz), at(x), at(dw), stream));
    }

    @Override
    public void close() {}
}
