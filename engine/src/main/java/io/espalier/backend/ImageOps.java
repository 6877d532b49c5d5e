package io.espalier.backend;

/**
 * The ops of convolutional networks, part of every backend: {@link Backend#images()}. What {@link Backend} says of ops holds here,
 * and an op is added in the same places, in the class beside the backend's.
 *
 * <p>A convolution is {@link #patches} and a product: weights (R, O, C k k) times patches (R, C k k, Ho Wo B) are (R, O, Ho Wo B), the
 * memory of (R, O Ho Wo, B). Its gradients and curvature are those of the product, and then {@link #foldPatches}. With kernel 1,
 * stride 1 and no padding the images are the patches. Letters: C channels, H and W height and width, k kernel, s stride and p
 * padding of a {@link Window}, Ho and Wo its outputs.
 */
public interface ImageOps {
    /** Kernels of {@link #maxPool} are not larger: a place in the window has to fit into a byte. */
    int LARGEST_POOL = 16;

    // ---- data -------------------------------------------------------------------------------------------------------

    /**
     * out[r, (c H + y) W + x, b] = (data[indices[r, b], (c H + y') W + x'] / 255 - mean[r, c]) scale[r, c], y' = y + dy, x' = dx + x or,
     * where mirrored, dx + W - 1 - x; 0 where that is outside of the image: what is moved in is a pixel of the mean.
     *
     * @param data (1, N, C H W) U8
     * @param indices (R, 1, B) I32, each 0 to N - 1
     * @param mean (R, C, 1)
     * @param scale (R, C, 1)
     * @param width W; H follows
     * @param augmentation dx, dy and who is mirrored; {@link Augmentation#NONE}: 0, 0 and nobody
     * @param out (R, C H W, B)
     */
    void gatherImages(
            Tensor data, Tensor indices, Tensor mean, Tensor scale, int width, Augmentation augmentation, Tensor out);

    // ---- windows ----------------------------------------------------------------------------------------------------

    /**
     * out[r, (c k + ky) k + kx, (oy Wo + ox) B + b] = x[r, (c H + oy s + ky - p) W + ox s + kx - p, b], 0 outside of the image.
     *
     * @param x (R, C H W, B)
     * @param out (R, C k k, Ho Wo B)
     */
    void patches(Tensor x, Window window, Tensor out);

    /**
     * The transpose of {@link #patches}: a pixel is the sum of what was copied from it, in the order of (ky, kx).
     *
     * @param patches (R, C k k, Ho Wo B)
     * @param out (R, C H W, B)
     */
    void foldPatches(Tensor patches, Window window, Tensor out);

    /**
     * y = the largest pixel of every window, the padding not counting. The first of equals wins; a NaN is larger than any number.
     *
     * @param x (R, C H W, B)
     * @param window of a kernel up to {@link #LARGEST_POOL}
     * @param y (R, C Ho Wo, B) out
     * @param winners (R, C Ho Wo, B) U8 out, ky k + kx of the pixel
     */
    void maxPool(Tensor x, Window window, Tensor y, Tensor winners);

    /**
     * dx = the sum of dy over the windows that a pixel won, in a fixed order. Curvature takes the same way.
     *
     * @param dy (R, C Ho Wo, B)
     * @param winners (R, C Ho Wo, B) U8, from {@link #maxPool}
     * @param dx (R, C H W, B) out
     */
    void maxPoolGradient(Tensor dy, Tensor winners, Window window, Tensor dx);

    /**
     * y = scale times the sum of every window, the padding counting as 0: an average for 1 / k^2.
     *
     * @param x (R, C H W, B)
     * @param y (R, C Ho Wo, B) out
     */
    void averagePool(Tensor x, Window window, double scale, Tensor y);

    /**
     * dx = scale times the sum of dy over the windows that have the pixel: the gradient of an average for 1 / k^2, its curvature for
     * 1 / k^4.
     *
     * @param dy (R, C Ho Wo, B)
     * @param dx (R, C H W, B) out
     */
    void averagePoolGradient(Tensor dy, Window window, double scale, Tensor dx);

    // ---- normalisation ----------------------------------------------------------------------------------------------
    //
    // Batch normalisation (Ioffe and Szegedy 2015, algorithm 1) of images as (R, C, N), N = H W B; a number a channel
    // is
    // (R, C, 1).

    /** mean = the sum of a row / N: x (R, C, N), mean (R, C, 1) out. */
    void mean(Tensor x, Tensor mean);

    /**
     * variance = the sum of (x - mean)^2 over a row / N; not the difference of two sums, of which a large mean would leave nothing.
     *
     * @param x (R, C, N)
     * @param mean (R, C, 1)
     * @param variance (R, C, 1) out
     */
    void variance(Tensor x, Tensor mean, Tensor variance);

    /**
     * y = gain n + shift.
     *
     * @param x (R, C, N)
     * @param gain (R, C, 1)
     * @param shift (R, C, 1)
     * @param y (R, C, N) out
     */
    void normalise(Tensor x, Moments moments, Tensor gain, Tensor shift, Tensor y);

    /**
     * dgain = the sum of dy n over a row, dshift = that of dy.
     *
     * @param x (R, C, N)
     * @param dy (R, C, N)
     * @param dgain (R, C, 1) out
     * @param dshift (R, C, 1) out
     */
    void normaliseSums(Tensor x, Moments moments, Tensor dy, Tensor dgain, Tensor dshift);

    /**
     * dx = gain / sqrt(variance + epsilon) (dy - dshift / N - n dgain / N): the gradient where the moments are those of x. Where they
     * are constants it is {@link #scaleRows} of dy.
     *
     * @param x (R, C, N)
     * @param gain (R, C, 1)
     * @param dy (R, C, N)
     * @param dgain (R, C, 1), from {@link #normaliseSums}
     * @param dshift (R, C, 1), likewise
     * @param dx (R, C, N) out
     */
    void normaliseGradient(Tensor x, Moments moments, Tensor gain, Tensor dy, Tensor dgain, Tensor dshift, Tensor dx);

    /**
     * out = (gain / sqrt(variance + epsilon))^power x: what constant moments do to a gradient for power 1, to curvature for power 2.
     *
     * @param x (R, C, N)
     * @param gain (R, C, 1)
     * @param power 1 or 2
     * @param out (R, C, N)
     */
    void scaleRows(Tensor x, Moments moments, Tensor gain, int power, Tensor out);

    // ---- parts and sums ---------------------------------------------------------------------------------------------

    /** y = a x + b y, in place; both of one shape. A running average of momentum m for a = m and b = 1 - m. */
    void combine(double a, Tensor x, double b, Tensor y);

    /** to[r, firstRow + i, j] = from[r, i, j]: from (R, F, N), to (R, G, N), firstRow + F <= G. The other rows stay. */
    void copyRows(Tensor from, Tensor to, int firstRow);

    /** to[r, i, j] += from[r, firstRow + i, j]: from (R, G, N), to (R, F, N), firstRow + F <= G. */
    void addRows(Tensor from, int firstRow, Tensor to);
}
