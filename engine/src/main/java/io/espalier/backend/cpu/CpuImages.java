package io.espalier.backend.cpu;

import io.espalier.backend.Augmentation;
import io.espalier.backend.ImageOps;
import io.espalier.backend.ImagePreconditions;
import io.espalier.backend.Moments;
import io.espalier.backend.Preconditions;
import io.espalier.backend.Tensor;
import io.espalier.backend.Window;

/** The ops on images: asks for the preconditions, and each op's own class does the work. */
final class CpuImages implements ImageOps {
    private final GatherImages gatherImages = new GatherImages();
    private final Patches patches;
    private final Pooling pooling;
    private final Rows rows;
    private final Normalisation normalisation;

    CpuImages(Elementwise elementwise, Patches patches, Cores cores) {
        this.patches = patches;
        normalisation = new Normalisation(elementwise, cores);
        rows = new Rows(cores);
        pooling = new Pooling(cores);
    }

    @Override
    public void gatherImages(
            Tensor data, Tensor indices, Tensor mean, Tensor scale, int width, Augmentation augmentation, Tensor out) {
        ImagePreconditions.gatherImages(data, indices, mean, scale, width, augmentation, out);
        gatherImages.apply(data, indices, mean, scale, width, augmentation, out);
    }

    @Override
    public void patches(Tensor x, Window window, Tensor out) {
        ImagePreconditions.patches("patches", x, window, out);
        patches.apply(x, window, out);
    }

    @Override
    public void foldPatches(Tensor patches, Window window, Tensor out) {
        ImagePreconditions.patches("foldPatches", out, window, patches);
        this.patches.fold(patches, window, out);
    }

    @Override
    public void maxPool(Tensor x, Window window, Tensor y, Tensor winners) {
        ImagePreconditions.maxPool("maxPool", x, window, y, winners);
        pooling.max(x, window, y, winners);
    }

    @Override
    public void maxPoolGradient(Tensor dy, Tensor winners, Window window, Tensor dx) {
        ImagePreconditions.maxPool("maxPoolGradient", dx, window, dy, winners);
        pooling.maxGradient(dy, winners, window, dx);
    }

    @Override
    public void averagePool(Tensor x, Window window, double scale, Tensor y) {
        ImagePreconditions.pool("averagePool", x, window, y);
        pooling.average(x, window, (float) scale, y);
    }

    @Override
    public void averagePoolGradient(Tensor dy, Window window, double scale, Tensor dx) {
        ImagePreconditions.pool("averagePoolGradient", dx, window, dy);
        pooling.averageGradient(dy, window, (float) scale, dx);
    }

    @Override
    public void mean(Tensor x, Tensor mean) {
        ImagePreconditions.perRow("mean", x, mean);
        normalisation.mean(x, mean);
    }

    @Override
    public void variance(Tensor x, Tensor mean, Tensor variance) {
        ImagePreconditions.perRow("variance", x, mean, variance);
        normalisation.variance(x, mean, variance);
    }

    @Override
    public void normalise(Tensor x, Moments moments, Tensor gain, Tensor shift, Tensor y) {
        ImagePreconditions.normalise("normalise", x, moments, y, gain, shift);
        normalisation.apply(x, moments, gain, shift, y);
    }

    @Override
    public void normaliseSums(Tensor x, Moments moments, Tensor dy, Tensor dgain, Tensor dshift) {
        ImagePreconditions.normalise("normaliseSums", x, moments, dy, dgain, dshift);
        normalisation.sums(x, moments, dy, dgain, dshift);
    }

    @Override
    public void normaliseGradient(
            Tensor x, Moments moments, Tensor gain, Tensor dy, Tensor dgain, Tensor dshift, Tensor dx) {
        ImagePreconditions.normalise("normaliseGradient", x, moments, dx, gain, dgain, dshift);
        Preconditions.sameReal("normaliseGradient", dx, dy);
        normalisation.gradient(x, moments, gain, dy, dgain, dshift, dx);
    }

    @Override
    public void scaleRows(Tensor x, Moments moments, Tensor gain, int power, Tensor out) {
        ImagePreconditions.scaleRows(x, moments, gain, power, out);
        normalisation.scale(x, moments, gain, power, out);
    }

    @Override
    public void combine(double a, Tensor x, double b, Tensor y) {
        Preconditions.sameReal("combine", x, y);
        rows.combine((float) a, x, (float) b, y);
    }

    @Override
    public void copyRows(Tensor from, Tensor to, int firstRow) {
        ImagePreconditions.rows("copyRows", from, to, firstRow);
        rows.copy(from, to, firstRow);
    }

    @Override
    public void addRows(Tensor from, int firstRow, Tensor to) {
        ImagePreconditions.rows("addRows", to, from, firstRow);
        rows.add(from, firstRow, to);
    }
}
