package io.espalier.backend.cpu;

import io.espalier.backend.cpu.PackedPixels.Piece;

/**
 * What a tile of outputs adds up, channel after channel.
 *
 * @param offsets where its taps' pixels are, from the first output's first one
 * @param weights which of the weights go with them, in (channels, taps down, taps across)
 * @param perChannel taps
 */
record Taps(int[] offsets, int[] weights, int perChannel) {
    /** The taps first to end - 1 of each direction; none where the end is not behind the first. */
    static Taps of(Piece pixels, Axis down, int firstDown, int endDown, Axis across, int firstAcross, int endAcross) {
        int each = Math.max(0, endDown - firstDown) * Math.max(0, endAcross - firstAcross);
        int[] offsets = new int[pixels.channels() * each];
        int[] weights = new int[offsets.length];
        int k = 0;
        for (int c = 0; c < pixels.channels(); c++) {
            for (int y = firstDown; y < endDown; y++) {
                for (int x = firstAcross; x < endAcross; x++) {
                    offsets[k] = pixels.offset(c, y, x);
                    weights[k++] = (c * down.taps() + y) * across.taps() + x;
                }
            }
        }
        return new Taps(offsets, weights, each);
    }

    /** All of them. */
    static Taps all(Cut cut) {
        Axis down = cut.down();
        Axis across = cut.across();
        return of(cut.pixels(), down, 0, down.taps(), across, 0, across.taps());
    }
}
