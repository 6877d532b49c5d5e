package io.espalier.backend;

/**
 * A square window that steps over images of several channels. Images are feature-major, (R, channels height width, B): row
 * (c height + y) width + x has pixel (x, y) of channel c, of all examples of the batch. As a view that is (R, channels, height width B).
 *
 * @param channels C, at least 1
 * @param height H of an image before the padding, at least 1
 * @param width W, at least 1
 * @param kernel k, rows and columns of the window, at least 1
 * @param stride s, pixels from one window to the next, at least 1
 * @param padding p, rows and columns of zeros around the image; below the kernel, so that every window has a pixel
 */
public record Window(int channels, int height, int width, int kernel, int stride, int padding) {
    public Window {
        if (channels < 1 || height < 1 || width < 1 || kernel < 1 || stride < 1) {
            throw new IllegalArgumentException("A window needs positive numbers, got " + channels + " channels of "
                    + height + " x " + width + " pixels, kernel " + kernel + " and stride " + stride);
        }
        if (padding < 0 || padding >= kernel) {
            throw new IllegalArgumentException("A padding of " + padding + " does not go with kernel " + kernel
                    + ": 0 to " + (kernel - 1) + " do");
        }
        if (kernel - height > 2L * padding || kernel - width > 2L * padding) {
            throw new IllegalArgumentException("Kernel " + kernel + " does not fit into " + height + " x " + width
                    + " pixels with a padding of " + padding);
        }
        long most = Math.max(
                (long) height * width,
                (outputs(height, kernel, stride, padding) * outputs(width, kernel, stride, padding)));
        if (most > Integer.MAX_VALUE / channels || (long) channels * kernel > Integer.MAX_VALUE / kernel) {
            throw new IllegalArgumentException(channels + " channels of " + height + " x " + width
                    + " pixels and kernel " + kernel + " make more rows than a tensor can have");
        }
    }

    private static long outputs(int pixels, int kernel, int stride, int padding) {
        return (pixels + 2L * padding - kernel) / stride + 1;
    }

    /** Ho = (H + 2 p - k) / s + 1, rounded down: rows and columns that are left at the end belong to no window. */
    public int outputHeight() {
        return (int) outputs(height, kernel, stride, padding);
    }

    /** Wo, likewise. */
    public int outputWidth() {
        return (int) outputs(width, kernel, stride, padding);
    }

    /** C H W, the rows of the images. */
    public int inputs() {
        return channels * height * width;
    }

    /** C Ho Wo, the rows of images with a pixel for each window. */
    public int outputs() {
        return channels * outputHeight() * outputWidth();
    }

    /** k k, the pixels of a window. */
    public int places() {
        return kernel * kernel;
    }

    /** The most windows that have a pixel in common. */
    public int overlap() {
        int across = (kernel + stride - 1) / stride;
        return across * across;
    }

    /** (C Ho Wo, B) of images with a pixel for each window. */
    public Shape outputs(int members, int batch) {
        return new Shape(members, outputs(), batch);
    }

    /** (C H W, B) of images. */
    public Shape inputs(int members, int batch) {
        return new Shape(members, inputs(), batch);
    }

    /** (C k k, Ho Wo B), what {@link ImageOps#patches} makes of a batch of B. */
    public Shape patches(int members, int batch) {
        return new Shape(members, channels * places(), outputHeight() * outputWidth() * batch);
    }
}
