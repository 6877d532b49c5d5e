package io.espalier.backend;

import static io.espalier.backend.Preconditions.is;

/** What the ops on images demand of their operands, as {@link Preconditions} does for the others. */
public final class ImagePreconditions {
    private ImagePreconditions() {}

    public static void gatherImages(
            Tensor data, Tensor indices, Tensor mean, Tensor scale, int width, Augmentation augmentation, Tensor out) {
        String op = "gatherImages";
        Preconditions.gather(data, indices, out);
        int members = out.shape().members();
        int channels = mean.shape().rows();
        is(op, "mean", mean, ElementType.REAL, members, channels, 1);
        is(op, "scale", scale, ElementType.REAL, members, channels, 1);
        if (width < 1 || out.shape().rows() % ((long) channels * width) != 0) {
            throw new IllegalArgumentException(op + ": " + out.shape().rows() + " features are not " + channels
                    + " channels of rows of " + width + " pixels");
        }
        if (augmentation.isActive()) {
            is(op, "keys", augmentation.keys(), ElementType.I32, members, 1, 2);
            is(op, "step", augmentation.step(), ElementType.I32, members, 1, 1);
        }
    }

    /** @param images (R, C H W, B) */
    public static void patches(String op, Tensor images, Window window, Tensor patches) {
        int batch = images.shape().columns();
        int members = images.shape().members();
        is(op, "images", images, ElementType.REAL, members, window.inputs(), batch);
        is(
                op,
                "patches",
                patches,
                ElementType.REAL,
                members,
                window.channels() * window.places(),
                Math.multiplyExact(window.outputHeight() * window.outputWidth(), batch));
    }

    /**
     * @param inputs (R, C H W, B)
     * @param outputs (R, C Ho Wo, B)
     */
    public static void pool(String op, Tensor inputs, Window window, Tensor outputs) {
        int batch = inputs.shape().columns();
        int members = inputs.shape().members();
        is(op, "inputs", inputs, ElementType.REAL, members, window.inputs(), batch);
        is(op, "outputs", outputs, ElementType.REAL, members, window.outputs(), batch);
    }

    public static void maxPool(String op, Tensor inputs, Window window, Tensor outputs, Tensor winners) {
        pool(op, inputs, window, outputs);
        is(op, "winners", winners, ElementType.U8, outputs.shape());
        Preconditions.between(op, "kernel", window.kernel(), 1, ImageOps.LARGEST_POOL);
    }

    /** A number for each row. */
    public static void perRow(String op, Tensor x, Tensor... numbers) {
        is(op, "x", x, ElementType.REAL, x.shape());
        for (Tensor number : numbers) {
            is(
                    op,
                    "a number a row",
                    number,
                    ElementType.REAL,
                    x.shape().members(),
                    x.shape().rows(),
                    1);
        }
    }

    public static void normalise(String op, Tensor x, Moments moments, Tensor y, Tensor... numbers) {
        Preconditions.sameReal(op, x, y);
        perRow(op, x, moments.mean(), moments.variance());
        perRow(op, x, numbers);
    }

    public static void scaleRows(Tensor x, Moments moments, Tensor gain, int power, Tensor out) {
        normalise("scaleRows", x, moments, out, gain);
        Preconditions.between("scaleRows", "power", power, 1, 2);
    }

    /**
     * @param few (R, F, N)
     * @param many (R, G, N), firstRow + F <= G
     */
    public static void rows(String op, Tensor few, Tensor many, int firstRow) {
        Shape part = few.shape();
        is(op, "part", few, ElementType.REAL, part);
        is(op, "whole", many, ElementType.REAL, part.members(), many.shape().rows(), part.columns());
        if (firstRow < 0 || firstRow > many.shape().rows() - part.rows()) {
            throw new IllegalArgumentException(
                    op + ": rows " + firstRow + " to " + (firstRow + part.rows() - 1L) + " of " + many.shape());
        }
    }
}
