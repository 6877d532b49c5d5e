package io.espalier.backend.cpu;

import io.espalier.backend.SparsePattern;
import io.espalier.backend.Tensor;
import io.espalier.backend.Window;
import io.espalier.backend.cpu.SparseProducts.Entries;
import io.espalier.backend.cpu.SparseProducts.Lines;
import java.util.Arrays;

/**
 * Sparse filters straight on images, for windows that begin at every pixel: what a place of the window sees in a line of windows is a run of
 * pixels, so that the images, which stay in the cache, are what the filters multiply, and the windows, k k times as many numbers, are never
 * written out. Terms are added in the order in which products of the windows add them, to the same bits.
 */
final class SparseConvolutions {
    /** Vectors in a line of windows below which the windows of all lines together are faster. */
    private static final int LEAST_VECTORS = 4;

    private SparseConvolutions() {}

    static boolean pays(Window window, int batch) {
        return window.stride() == 1 && window.outputWidth() * batch >= LEAST_VECTORS * Lanes.WIDTH;
    }

    /** @param patches whose memory serves for images with their padding */
    static void forward(SparsePattern pattern, Tensor values, Tensor x, Window window, Tensor patches, Tensor z) {
        int batch = x.shape().columns();
        Padded padded = new Padded(window, batch);
        int line = window.outputWidth() * batch;
        int filter = window.outputHeight() * line;
        int[] places = padded.places();
        for (int r = 0; r < values.shape().members(); r++) {
            float[] images = padded.of(Reals.of(x, r), Reals.of(patches, r));
            Entries rows = Entries.rows(pattern, r, Reals.of(values, r));
            int[] at = new int[rows.others().length];
            Arrays.setAll(at, k -> places[rows.others()[k]]);
            Entries moved = new Entries(rows.starts(), at, null, rows.values());
            for (int oy = 0; oy < window.outputHeight(); oy++) {
                SparseProducts.product(
                        moved,
                        0,
                        moved.lines(),
                        new Lines(images, oy * padded.line(), batch),
                        new Lines(Reals.of(z, r), oy * line, filter),
                        line);
            }
        }
    }

    /** @param patches likewise, for their gradient */
    static void inputGradient(
            SparsePattern pattern, Tensor values, Tensor dz, Window window, Tensor patches, Tensor dx) {
        int batch = dx.shape().columns();
        Padded padded = new Padded(window, batch);
        int line = window.outputWidth() * batch;
        int filter = window.outputHeight() * line;
        int[] places = padded.places();
        float[] terms = new float[line];
        for (int r = 0; r < values.shape().members(); r++) {
            float[] gradient = Reals.of(dz, r);
            float[] images = window.padding() == 0 ? Reals.of(dx, r) : Reals.of(patches, r);
            Arrays.fill(images, 0, padded.numbers(), 0f);
            Entries columns = Entries.columns(pattern, r, Reals.of(values, r));
            for (int column = 0; column < columns.lines(); column++) {
                if (columns.starts()[column] == columns.starts()[column + 1]) {
                    continue;
                }
                for (int oy = 0; oy < window.outputHeight(); oy++) {
                    SparseProducts.product(
                            columns,
                            column,
                            column + 1,
                            new Lines(gradient, oy * line, filter),
                            new Lines(terms, 0, 0),
                            line);
                    Lanes.add(terms, 0, images, places[column] * batch + oy * padded.line(), line);
                }
            }
            padded.cut(images, Reals.of(dx, r));
        }
    }

    /** Images with zeros around them, so that every window lies within. */
    private record Padded(Window window, int batch) {
        int width() {
            return window.width() + 2 * window.padding();
        }

        int height() {
            return window.height() + 2 * window.padding();
        }

        /** Numbers in a line of pixels. */
        int line() {
            return width() * batch;
        }

        /** Of all channels: never more than the windows have, since k Ho is at least Ho + k - 1. */
        int numbers() {
            return window.channels() * height() * line();
        }

        /** The pixel that every place of the first window sees, place (c k + ky) k + kx. */
        int[] places() {
            int[] places = new int[window.channels() * window.places()];
            for (int place = 0; place < places.length; place++) {
                int channel = place / window.places();
                int row = place / window.kernel() % window.kernel();
                places[place] = (channel * height() + row) * width() + place % window.kernel();
            }
            return places;
        }

        /** The images themselves where they need no padding, else in memory. */
        float[] of(float[] images, float[] memory) {
            if (window.padding() == 0) {
                return images;
            }
            Arrays.fill(memory, 0, numbers(), 0f);
            int pixels = window.width() * batch;
            for (int row = 0; row < window.channels() * window.height(); row++) {
                System.arraycopy(images, row * pixels, memory, inside(row), pixels);
            }
            return memory;
        }

        /** The other way, without the padding. */
        void cut(float[] padded, float[] images) {
            if (window.padding() > 0) {
                int pixels = window.width() * batch;
                for (int row = 0; row < window.channels() * window.height(); row++) {
                    System.arraycopy(padded, inside(row), images, row * pixels, pixels);
                }
            }
        }

        /** Where a row of an image begins, the rows of all channels counted. */
        private int inside(int row) {
            int y = row / window.height() * height() + row % window.height() + window.padding();
            return (y * width() + window.padding()) * batch;
        }
    }
}
