package io.espalier.backend.cpu;

import io.espalier.backend.Tensor;
import io.espalier.backend.Window;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What every window sees, as a matrix, and back. Patches are written front to back, in runs as long as pixels that are neighbours in
 * both; a channel, which is read again for every place of the window, stays in the cache meanwhile.
 */
final class Patches {
    /**
     * A place of the window, and which windows of a line have a pixel there. Found once for all lines: with few images a run is short, and
     * finding it would take longer than copying it.
     *
     * @param row of the window, less the padding: where it is above the first window's line
     * @param column likewise
     * @param last before first if there is none
     */
    private record Place(int row, int column, int first, int last) {
        static Place[] of(Window window) {
            return IntStream.range(0, window.places())
                    .mapToObj(place -> of(
                            window,
                            place / window.kernel() - window.padding(),
                            place % window.kernel() - window.padding()))
                    .toArray(Place[]::new);
        }

        private static Place of(Window window, int row, int column) {
            int first = column >= 0 ? 0 : (window.stride() - 1 - column) / window.stride();
            int furthest = window.width() - 1 - column;
            int last = furthest < 0 ? -1 : Math.min(window.outputWidth() - 1, furthest / window.stride());
            return new Place(row, column, first, last);
        }

        /** How many windows of a line have a pixel there. */
        int windows() {
            return Math.max(0, last + 1 - first);
        }

        /** The pixel of the first of them, in its line. */
        int pixel(Window window) {
            return first * window.stride() + column;
        }
    }

    /** Out of images. */
    void apply(Tensor x, Window window, Tensor out) {
        int batch = x.shape().columns();
        Place[] places = Place.of(window);
        int each = window.outputHeight() * window.outputWidth() * batch;
        for (int r = 0; r < x.shape().members(); r++) {
            float[] images = Reals.of(x, r);
            float[] patches = Reals.of(out, r);
            int to = 0;
            for (int channel = 0; channel < window.channels(); channel++) {
                for (Place place : places) {
                    copy(window, batch, place, images, channel * window.height(), patches, to);
                    to += each;
                }
            }
        }
    }

    /** A place of all windows of a channel, whose first line of pixels is that of top. */
    private static void copy(
            Window window, int batch, Place place, float[] images, int top, float[] patches, int begin) {
        int line = window.outputWidth() * batch;
        int before = place.first * batch;
        int run = place.windows() * batch;
        int pixel = place.pixel(window);
        for (int oy = 0; oy < window.outputHeight(); oy++) {
            int to = begin + oy * line;
            int y = oy * window.stride() + place.row;
            if (run == 0 || y < 0 || y >= window.height()) {
                Arrays.fill(patches, to, to + line, 0f);
                continue;
            }
            Arrays.fill(patches, to, to + before, 0f);
            int from = ((top + y) * window.width() + pixel) * batch;
            if (window.stride() == 1) {
                System.arraycopy(images, from, patches, to + before, run);
            } else {
                for (int done = 0; done < run; done += batch) {
                    System.arraycopy(images, from + done * window.stride(), patches, to + before + done, batch);
                }
            }
            Arrays.fill(patches, to + before + run, to + line, 0f);
        }
    }

    /** The transpose, a row of pixels at a time, which stays in the cache; a pixel's terms are added in the order of the places. */
    void fold(Tensor patches, Window window, Tensor out) {
        int batch = out.shape().columns();
        Place[] places = Place.of(window);
        for (int r = 0; r < out.shape().members(); r++) {
            float[] images = Reals.of(out, r);
            Arrays.fill(images, 0f);
            for (int channel = 0; channel < window.channels(); channel++) {
                for (int y = 0; y < window.height(); y++) {
                    addLine(window, batch, places, Reals.of(patches, r), channel, y, images);
                }
            }
        }
    }

    private static void addLine(
            Window window, int batch, Place[] places, float[] patches, int channel, int y, float[] images) {
        int line = window.outputWidth() * batch;
        int pixels = (channel * window.height() + y) * window.width();
        for (int i = 0; i < places.length; i++) {
            Place place = places[i];
            int below = y - place.row;
            int oy = window.stride() == 1 ? below : below / window.stride();
            if (below < 0 || oy * window.stride() != below || oy >= window.outputHeight()) {
                continue;
            }
            int from = ((channel * places.length + i) * window.outputHeight() + oy) * line + place.first * batch;
            int run = place.windows() * batch;
            int to = (pixels + place.pixel(window)) * batch;
            if (window.stride() == 1) {
                Lanes.add(patches, from, images, to, run);
            } else {
                for (int done = 0; done < run; done += batch) {
                    Lanes.add(patches, from + done, images, to + done * window.stride(), batch);
                }
            }
        }
    }
}
