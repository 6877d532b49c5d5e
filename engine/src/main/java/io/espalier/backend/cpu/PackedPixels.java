package io.espalier.backend.cpu;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Some rows, channels and examples of images, close together and with zeros around: what many outputs read again and again. In images themselves
 * neighbours above and below are powers of two apart and push each other out of the cache.
 *
 * <p>Columns that are a step apart lie side by side, so that a tap of neighbouring outputs is one run whatever the stride: (channels, rows, step,
 * columns, examples).
 */
final class PackedPixels {
    private float[] numbers = new float[0];

    /**
     * What is copied.
     *
     * @param step from one column to the one beside it
     * @param phases columns to begin with, at most step: where windows are smaller than their step, rows and columns between them are not read
     * @param columns for each of them
     */
    record Piece(int channels, int rows, int step, int phases, int columns, int examples) {
        private int run() {
            return columns * examples;
        }

        /** From a row to the next. */
        int line() {
            return phases * run();
        }

        /** Where a pixel is, of all examples. */
        int offset(int channel, int row, int column) {
            return (channel * rows + row) * line() + column % step * run() + column / step * examples;
        }
    }

    /** Images of one member, feature-major. */
    record Images(int channels, int height, int width, int batch) {
        int pixel(int channel, int y, int x) {
            return ((channel * height + y) * width + x) * batch;
        }
    }

    float[] numbers() {
        return numbers;
    }

    /**
     * Copies from channel, row and column first, top and left on, which may be outside, and from an example on.
     *
     * @param channels how many, at most as many as the piece has
     * @param examples likewise; the rest is zero
     */
    void copy(
            Images images,
            float[] from,
            int first,
            int channels,
            int top,
            int left,
            int example,
            int examples,
            Piece piece) {
        int length = piece.channels * piece.rows * piece.line();
        // Products read whole vectors and drop, or multiply by zero, what is beyond the end: it must be a number.
        if (numbers.length < length + 2 * Lanes.WIDTH) {
            numbers = new float[length + 2 * Lanes.WIDTH];
        }
        int end = channels * piece.rows * piece.line();
        Arrays.fill(numbers, end, end + 2 * Lanes.WIDTH, 0f);
        if (examples < piece.examples) {
            Arrays.fill(numbers, 0, end, 0f);
        }
        for (int c = 0; c < channels; c++) {
            for (int row = 0; row < piece.rows; row++) {
                int y = top + row;
                int to = piece.offset(c, row, 0);
                if (y < 0 || y >= images.height || row % piece.step >= piece.phases) {
                    Arrays.fill(numbers, to, to + piece.line(), 0f);
                    continue;
                }
                for (int phase = 0; phase < piece.phases; phase++) {
                    int at = images.pixel(first + c, y, 0) + example;
                    columns(from, at, images, left + phase, examples, piece, to + phase * piece.run());
                }
            }
        }
    }

    private void columns(float[] from, int at, Images images, int left, int examples, Piece piece, int to) {
        int step = piece.step;
        int begin = Math.min(piece.columns, left >= 0 ? 0 : (step - 1 - left) / step);
        int end = Math.max(begin, Math.min(piece.columns, (images.width - 1 - left + step) / step));
        int stride = step * images.batch;
        int pixel = at + left * images.batch + begin * stride;
        Arrays.fill(numbers, to, to + begin * piece.examples, 0f);
        runs(from, pixel, stride, numbers, to + begin * piece.examples, piece.examples, end - begin, examples);
        Arrays.fill(numbers, to + end * piece.examples, to + piece.run(), 0f);
    }

    /** Copies count runs, from one every stride numbers to one every pitch. */
    static void runs(float[] from, int at, int stride, float[] to, int first, int pitch, int count, int run) {
        int w = Lanes.WIDTH;
        for (int i = 0; i < count; i++) {
            int source = at + i * stride;
            int target = first + i * pitch;
            if (run < w || run > 4 * w) {
                System.arraycopy(from, source, to, target, run);
                continue;
            }
            // The usual runs, vector by vector, the last of which reach back: a loop takes several times as long.
            copy(from, source, to, target);
            copy(from, source + run - w, to, target + run - w);
            if (run > 2 * w) {
                copy(from, source + w, to, target + w);
                copy(from, source + run - 2 * w, to, target + run - 2 * w);
            }
        }
    }

    private static void copy(float[] from, int at, float[] to, int first) {
        FloatVector.fromArray(Lanes.FLOATS, from, at).intoArray(to, first);
    }
}
