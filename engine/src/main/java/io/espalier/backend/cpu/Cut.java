package io.espalier.backend.cpu;

import io.espalier.backend.cpu.PackedPixels.Images;
import io.espalier.backend.cpu.PackedPixels.Piece;

/**
 * How the outputs of a batch are cut into pieces of some rows and examples, by shapes alone: whatever is done piece by piece comes out the same on any
 * number of threads.
 *
 * @param examples of a piece; the last ones have fewer
 * @param rows of outputs of a piece, likewise
 * @param channels whose pixels are packed at once
 */
record Cut(Images from, Axis down, Axis across, int examples, int rows, int channels) {
    /** Examples at most, where outputs are many: two vectors of 16. */
    private static final int EXAMPLES = 32;

    /** Numbers that should stay in the second-level cache: 512 kB. */
    private static final int CACHE = 1 << 17;

    /** Rows for which all channels are at hand, if they fit. With more than four fewer pixels are packed twice, and fewer cores have something to do. */
    static Cut byRows(Images from, Axis down, Axis across) {
        Cut one = new Cut(from, down, across, examples(from, EXAMPLES), 1, from.channels());
        int rows = Math.min(4, down.count());
        while (rows > 1 && (long) from.channels() * down.span(rows) * one.line() > CACHE) {
            rows--;
        }
        return one.with(rows, CACHE);
    }

    /** Rows whose gradient of all channels fits, as many as that allows, and a few channels of pixels: sums over many numbers are added up seldom. */
    static Cut byChannels(Images from, Axis down, Axis across, int outputs) {
        Cut one = new Cut(from, down, across, examples(from, 2 * EXAMPLES), 1, from.channels());
        int rows = Math.min(8, down.count());
        while (rows > 1 && (long) outputs * rows * one.line() > CACHE) {
            rows--;
        }
        return one.with(rows, CACHE / 2);
    }

    private static int examples(Images from, int most) {
        int blocks = (from.batch() + most - 1) / most;
        return (from.batch() + blocks - 1) / blocks;
    }

    private Cut with(int someRows, int numbers) {
        int fit = Math.max(1, numbers / down.span(someRows) / line());
        return new Cut(from, down, across, examples, someRows, Math.min(from.channels(), fit));
    }

    private int phases() {
        return Math.min(across.inputStep(), across.taps());
    }

    private int columns() {
        return across.count() + (across.taps() - 1) / across.inputStep();
    }

    private int line() {
        return phases() * columns() * examples;
    }

    /** The pixels that a piece reads; all pieces have them in the same places. */
    Piece pixels() {
        return new Piece(channels, down.span(rows), across.inputStep(), phases(), columns(), examples);
    }

    private int blocks() {
        return (from.batch() + examples - 1) / examples;
    }

    /** All examples of some rows before the next rows: they lie beside each other in memory. */
    int pieces() {
        return (down.count() + rows - 1) / rows * blocks();
    }

    int firstExample(int piece) {
        return piece % blocks() * examples;
    }

    int examples(int piece) {
        return Math.min(examples, from.batch() - firstExample(piece));
    }

    int firstRow(int piece) {
        return piece / blocks() * rows;
    }

    int rows(int piece) {
        return Math.min(rows, down.count() - firstRow(piece));
    }

    /** Channels of the block that begins at this one. */
    int channels(int first) {
        return Math.min(channels, from.channels() - first);
    }

    /** Packs the pixels of a block of channels. */
    void pack(int piece, int first, float[] images, PackedPixels into) {
        int top = down.firstInput() + firstRow(piece) * down.inputStep();
        int left = across.firstInput();
        into.copy(from, images, first, channels(first), top, left, firstExample(piece), examples(piece), pixels());
    }
}
