package io.espalier.backend.cuda;

import static io.espalier.backend.cuda.DeviceTensor.at;
import static io.espalier.backend.cuda.DeviceTensor.columns;
import static io.espalier.backend.cuda.DeviceTensor.members;
import static io.espalier.backend.cuda.DeviceTensor.rows;

import io.espalier.backend.Augmentation;
import io.espalier.backend.ImageOps;
import io.espalier.backend.ImagePreconditions;
import io.espalier.backend.Moments;
import io.espalier.backend.Preconditions;
import io.espalier.backend.Tensor;
import io.espalier.backend.Window;
import io.espalier.kernels.Kernels;

/** The ops on images, every op a kernel of ours. */
final class CudaImages implements ImageOps {
    private final KernelDevice device;
    private final long stream;

    CudaImages(KernelDevice device) {
        this.device = device;
        this.stream = device.stream();
    }

    @Override
    public void gatherImages(
            Tensor data, Tensor indices, Tensor mean, Tensor scale, int width, Augmentation augmentation, Tensor out) {
        ImagePreconditions.gatherImages(data, indices, mean, scale, width, augmentation, out);
        device.check(
                "gatherImages",
                Kernels.espalier_gather_images(
                        members(out),
                        rows(data),
                        rows(mean),
                        rows(out) / rows(mean) / width,
                        width,
                        columns(out),
                        at(data),
                        at(indices),
                        at(mean),
                        at(scale),
                        at(augmentation.keys()),
                        at(augmentation.step()),
                        augmentation.shift(),
                        augmentation.mirrored() ? 1 : 0,
                        augmentation.stream(),
                        at(out),
                        stream));
    }

    @Override
    public void patches(Tensor x, Window window, Tensor out) {
        ImagePreconditions.patches("patches", x, window, out);
        device.check(
                "patches",
                Kernels.espalier_patches(
                        members(x),
                        window.channels(),
                        window.height(),
                        window.width(),
                        window.kernel(),
                        window.stride(),
                        window.padding(),
                        columns(x),
                        at(x),
                        at(out),
                        stream));
    }

    @Override
    public void foldPatches(Tensor patches, Window window, Tensor out) {
        ImagePreconditions.patches("foldPatches", out, window, patches);
        device.check(
                "foldPatches",
                Kernels.espalier_fold_patches(
                        members(out),
                        window.channels(),
                        window.height(),
                        window.width(),
                        window.kernel(),
                        window.stride(),
                        window.padding(),
                        columns(out),
                        at(patches),
                        at(out),
                        stream));
    }

    @Override
    public void maxPool(Tensor x, Window window, Tensor y, Tensor winners) {
        ImagePreconditions.maxPool("maxPool", x, window, y, winners);
        device.check(
                "maxPool",
                Kernels.espalier_max_pool(
                        members(x),
                        window.channels(),
                        window.height(),
                        window.width(),
                        window.kernel(),
                        window.stride(),
                        window.padding(),
                        columns(x),
                        at(x),
                        at(y),
                        at(winners),
                        stream));
    }

    @Override
    public void maxPoolGradient(Tensor dy, Tensor winners, Window window, Tensor dx) {
        ImagePreconditions.maxPool("maxPoolGradient", dx, window, dy, winners);
        device.check(
                "maxPoolGradient",
                Kernels.espalier_max_pool_gradient(
                        members(dx),
                        window.channels(),
                        window.height(),
                        window.width(),
                        window.kernel(),
                        window.stride(),
                        window.padding(),
                        columns(dx),
                        at(dy),
                        at(winners),
                        at(dx),
                        stream));
    }

    @Override
    public void averagePool(Tensor x, Window window, double scale, Tensor y) {
        ImagePreconditions.pool("averagePool", x, window, y);
        device.check(
                "averagePool",
                Kernels.espalier_average_pool(
                        members(x),
                        window.channels(),
                        window.height(),
                        window.width(),
                        window.kernel(),
                        window.stride(),
                        window.padding(),
                        columns(x),
                        (float) scale,
                        at(x),
                        at(y),
                        stream));
    }

    @Override
    public void averagePoolGradient(Tensor dy, Window window, double scale, Tensor dx) {
        ImagePreconditions.pool("averagePoolGradient", dx, window, dy);
        device.check(
                "averagePoolGradient",
                Kernels.espalier_average_pool_gradient(
                        members(dx),
                        window.channels(),
                        window.height(),
                        window.width(),
                        window.kernel(),
                        window.stride(),
                        window.padding(),
                        columns(dx),
                        (float) scale,
                        at(dy),
                        at(dx),
                        stream));
    }

    @Override
    public void mean(Tensor x, Tensor mean) {
        ImagePreconditions.perRow("mean", x, mean);
        device.check("mean", Kernels.espalier_mean(members(x), rows(x), columns(x), at(x), at(mean), stream));
    }

    @Override
    public void variance(Tensor x, Tensor mean, Tensor variance) {
        ImagePreconditions.perRow("variance", x, mean, variance);
        device.check(
                "variance",
                Kernels.espalier_variance(members(x), rows(x), columns(x), at(x), at(mean), at(variance), stream));
    }

    @Override
    public void normalise(Tensor x, Moments moments, Tensor gain, Tensor shift, Tensor y) {
        ImagePreconditions.normalise("normalise", x, moments, y, gain, shift);
        device.check(
                "normalise",
                Kernels.espalier_normalise(
                        members(x),
                        rows(x),
                        columns(x),
                        (float) moments.epsilon(),
                        at(x),
                        at(moments.mean()),
                        at(moments.variance()),
                        at(gain),
                        at(shift),
                        at(y),
                        stream));
    }

    @Override
    public void normaliseSums(Tensor x, Moments moments, Tensor dy, Tensor dgain, Tensor dshift) {
        ImagePreconditions.normalise("normaliseSums", x, moments, dy, dgain, dshift);
        device.check(
                "normaliseSums",
                Kernels.espalier_normalise_sums(
                        members(x),
                        rows(x),
                        columns(x),
                        (float) moments.epsilon(),
                        at(x),
                        at(moments.mean()),
                        at(moments.variance()),
                        at(dy),
                        at(dgain),
                        at(dshift),
                        stream));
    }

    @Override
    public void normaliseGradient(
            Tensor x, Moments moments, Tensor gain, Tensor dy, Tensor dgain, Tensor dshift, Tensor dx) {
        ImagePreconditions.normalise("normaliseGradient", x, moments, dx, gain, dgain, dshift);
        Preconditions.sameReal("normaliseGradient", dx, dy);
        device.check(
                "normaliseGradient",
                Kernels.espalier_normalise_gradient(
                        members(x),
                        rows(x),
                        columns(x),
                        (float) moments.epsilon(),
                        at(x),
                        at(moments.mean()),
                        at(moments.variance()),
                        at(gain),
                        at(dy),
                        at(dgain),
                        at(dshift),
                        at(dx),
                        stream));
    }

    @Override
    public void scaleRows(Tensor x, Moments moments, Tensor gain, int power, Tensor out) {
        ImagePreconditions.scaleRows(x, moments, gain, power, out);
        device.check(
                "scaleRows",
                Kernels.espalier_scale_rows(
                        members(x),
                        rows(x),
                        columns(x),
                        (float) moments.epsilon(),
                        power,
                        at(x),
                        at(moments.variance()),
                        at(gain),
                        at(out),
                        stream));
    }

    @Override
    public void combine(double a, Tensor x, double b, Tensor y) {
        Preconditions.sameReal("combine", x, y);
        device.check(
                "combine",
                Kernels.espalier_combine(
                        members(x), x.shape().perMember(), (float) a, at(x), (float) b, at(y), stream));
    }

    @Override
    public void copyRows(Tensor from, Tensor to, int firstRow) {
        ImagePreconditions.rows("copyRows", from, to, firstRow);
        device.check(
                "copyRows",
                Kernels.espalier_copy_rows(
                        members(to), rows(from), rows(to), firstRow, columns(to), at(from), at(to), stream));
    }

    @Override
    public void addRows(Tensor from, int firstRow, Tensor to) {
        ImagePreconditions.rows("addRows", to, from, firstRow);
        device.check(
                "addRows",
                Kernels.espalier_add_rows(
                        members(to), rows(from), rows(to), firstRow, columns(to), at(from), at(to), stream));
    }
}
