package io.espalier.backend.cpu;

import io.espalier.backend.Tensor;
import io.espalier.backend.Window;
import java.util.Arrays;

/**
 * What every window sees, as a matrix, and back. Patches are written front to back, in runs as long as pixels that are neighbours in
 * both; a channel, which is read again for every place of the window, stays in the cache meanwhile.
 */
final class Patches {
    /** Out of images. */
    void apply(Tensor x, Window window, Tensor out) {
        Runs runs = new Runs(window, x.shape().columns());
        for (int r = 0; r < x.shape().members(); r++) {
            float[] images = Reals.of(x, r);
            float[] patches = Reals.of(out, r);
            for (int row = 0; row < window.channels() * window.places(); row++) {
                for (int oy = 0; oy < window.outputHeight(); oy++) {
                    copy(runs, images, row, oy, patches);
                }
            }
        }
    }

    /** A place of the windows of a line. */
    private static void copy(Runs runs, float[] images, int row, int oy, float[] patches) {
        int to = runs.output(row, oy);
        int end = to + runs.window.outputWidth() * runs.batch;
        int from = runs.input(row, oy);
        int first = runs.firstInside(row);
        int last = runs.lastInside(row);
        if (from < 0 || first > last) {
            Arrays.fill(patches, to, end, 0f);
            return;
        }
        int begin = to + first * runs.batch;
        Arrays.fill(patches, to, begin, 0f);
        int pixel = from + runs.column(row, first) * runs.batch;
        if (runs.window.stride() == 1) {
            System.arraycopy(images, pixel, patches, begin, (last - first + 1) * runs.batch);
        } else {
            for (int ox = first; ox <= last; ox++) {
                System.arraycopy(images, pixel, patches, to + ox * runs.batch, runs.batch);
                pixel += runs.window.stride() * runs.batch;
            }
        }
        Arrays.fill(patches, to + (last + 1) * runs.batch, end, 0f);
    }

    /** The transpose, a row of pixels at a time, which stays in the cache; a pixel's terms are added in the order of the places. */
    void fold(Tensor patches, Window window, Tensor out) {
        Runs runs = new Runs(window, out.shape().columns());
        for (int r = 0; r < out.shape().members(); r++) {
            float[] images = Reals.of(out, r);
            Arrays.fill(images, 0f);
            for (int line = 0; line < window.channels() * window.height(); line++) {
                for (int place = 0; place < window.places(); place++) {
                    int below = line % window.height() + window.padding() - place / window.kernel();
                    int oy = below / window.stride();
                    if (below >= 0 && below % window.stride() == 0 && oy < window.outputHeight()) {
                        int row = line / window.height() * window.places() + place;
                        add(runs, Reals.of(patches, r), row, oy, images);
                    }
                }
            }
        }
    }

    private static void add(Runs runs, float[] patches, int row, int oy, float[] images) {
        int to = runs.input(row, oy);
        int first = runs.firstInside(row);
        int last = runs.lastInside(row);
        if (to < 0 || first > last) {
            return;
        }
        int from = runs.output(row, oy) + first * runs.batch;
        int pixel = to + runs.column(row, first) * runs.batch;
        if (runs.window.stride() == 1) {
            Lanes.add(patches, from, images, pixel, (last - first + 1) * runs.batch);
        } else {
            for (int ox = first; ox <= last; ox++) {
                Lanes.add(patches, from, images, pixel, runs.batch);
                from += runs.batch;
                pixel += runs.window.stride() * runs.batch;
            }
        }
    }

    /** Where runs begin: row is (c k + ky) k + kx, as in patches. */
    private record Runs(Window window, int batch) {
        /** In patches, the windows of a row of pixels. */
        int output(int row, int oy) {
            return (row * window.outputHeight() + oy) * window.outputWidth() * batch;
        }

        /** In images, the row of pixels that these windows see; -1 if it is padding. */
        int input(int row, int oy) {
            int y = oy * window.stride() + row / window.kernel() % window.kernel() - window.padding();
            int channel = row / window.places();
            return y < 0 || y >= window.height() ? -1 : (channel * window.height() + y) * window.width() * batch;
        }

        /** The column of pixels that a window sees. */
        int column(int row, int ox) {
            return ox * window.stride() + row % window.kernel() - window.padding();
        }

        /** The first window with a pixel there. */
        int firstInside(int row) {
            int outside = window.padding() - row % window.kernel();
            return outside <= 0 ? 0 : (outside + window.stride() - 1) / window.stride();
        }

        /** The last window with a pixel there; before the first one if there is none. */
        int lastInside(int row) {
            int furthest = window.width() - 1 + window.padding() - row % window.kernel();
            return furthest < 0 ? -1 : Math.min(window.outputWidth() - 1, furthest / window.stride());
        }
    }
}
