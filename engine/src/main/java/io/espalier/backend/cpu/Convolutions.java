package io.espalier.backend.cpu;

import dev.ludovic.netlib.blas.BLAS;
import io.espalier.backend.Tensor;
import io.espalier.backend.Window;
import java.util.Arrays;

/**
 * Products with the windows of images, a band of windows at a time: what is copied for a product is still in the cache when that reads it,
 * and nothing is as large as all windows.
 *
 * <p>Measured on Zen 5, one core, steps with 128 examples: LeNet-5 16.5 ms, with all windows at once 20.8; WRN-16-1 267 and 384 with its first, slow steps. Bands of half
 * and of four times as many numbers differ by less than a tenth.
 */
final class Convolutions {
    /** Numbers in a band: a quarter of a second-level cache of a megabyte. */
    private static final int BAND = 1 << 16;

    /** Columns of a band at least, whatever the numbers: a product copies its weights first, which should not take longer than the rest. */
    private static final int COLUMNS = 512;

    private final BLAS blas = OpenBlas.open();
    private final Patches patches;
    private final int bandNumbers;
    private final int bandColumns;
    private float[] band = new float[0];

    Convolutions(Patches patches) {
        this(patches, BAND, COLUMNS);
    }

    /**
     * With bands of another size.
     *
     * @param bandNumbers how many may be in a band
     * @param bandColumns fewer than so many are not in one, but for the last
     */
    Convolutions(Patches patches, int bandNumbers, int bandColumns) {
        this.patches = patches;
        this.bandNumbers = bandNumbers;
        this.bandColumns = bandColumns;
    }

    /** Windows first to end - 1 in reading order: of all places and examples (places, count B). */
    private record Band(int first, int end, int places, int batch) {
        int columns() {
            return (end - first) * batch;
        }

        int firstColumn() {
            return first * batch;
        }
    }

    /** Does a product with one band. */
    @FunctionalInterface
    private interface Product {
        void with(Band windows);
    }

    private void each(Window window, int batch, Product product) {
        int places = window.channels() * window.places();
        int count = window.outputHeight() * window.outputWidth();
        int most = Math.max(bandNumbers / places / batch, (bandColumns + batch - 1) / batch);
        if (band.length < places * Math.min(most, count) * batch) {
            band = new float[places * Math.min(most, count) * batch];
        }
        for (int first = 0; first < count; first += most) {
            product.with(new Band(first, Math.min(count, first + most), places, batch));
        }
    }

    /** z (O, N) = w (O, P) windows (P, N). */
    void forward(Tensor w, Tensor x, Window window, Tensor z) {
        int o = w.shape().rows();
        int all = z.shape().columns();
        for (int r = 0; r < w.shape().members(); r++) {
            float[] weights = Reals.of(w, r);
            float[] images = Reals.of(x, r);
            float[] out = Reals.of(z, r);
            each(window, x.shape().columns(), windows -> {
                patches.copy(images, window, windows.batch, windows.first, windows.end, band);
                int n = windows.columns();
                int p = windows.places;
                blas.sgemm("N", "N", n, o, p, 1f, band, 0, n, weights, 0, p, 0f, out, windows.firstColumn(), all);
            });
        }
    }

    /** dx = the sum of w' dz over the windows that have the pixel. */
    void inputGradient(Tensor w, Tensor dz, Window window, Tensor dx) {
        int o = w.shape().rows();
        int all = dz.shape().columns();
        for (int r = 0; r < w.shape().members(); r++) {
            float[] weights = Reals.of(w, r);
            float[] gradient = Reals.of(dz, r);
            float[] images = Reals.of(dx, r);
            Arrays.fill(images, 0f);
            each(window, dx.shape().columns(), windows -> {
                int n = windows.columns();
                int p = windows.places;
                blas.sgemm("N", "T", n, p, o, 1f, gradient, windows.firstColumn(), all, weights, 0, p, 0f, band, 0, n);
                patches.add(band, window, windows.batch, windows.first, windows.end, images);
            });
        }
    }

    /** dw (O, P) = dz (O, N) windows' (N, P). */
    void weightGradient(Tensor dz, Tensor x, Window window, Tensor dw) {
        int o = dw.shape().rows();
        int all = dz.shape().columns();
        for (int r = 0; r < dw.shape().members(); r++) {
            float[] gradient = Reals.of(dz, r);
            float[] images = Reals.of(x, r);
            float[] out = Reals.of(dw, r);
            each(window, x.shape().columns(), windows -> {
                patches.copy(images, window, windows.batch, windows.first, windows.end, band);
                int n = windows.columns();
                int p = windows.places;
                float others = windows.first == 0 ? 0f : 1f;
                blas.sgemm("T", "N", p, o, n, 1f, band, 0, n, gradient, windows.firstColumn(), all, others, out, 0, p);
            });
        }
    }
}
