package io.espalier.data;

import io.espalier.random.PhiloxSequence;
import java.util.List;

/**
 * Random square patches of grey images, for backgrounds: an image uniform among all, a corner uniform among those that fit, drawn
 * again while the patch varies too little.
 *
 * <p>Larochelle et al. took patches of 20 images and left out those of low variance; neither the images nor the bound are
 * published. Ours, 256, is a standard deviation of 16 of the 255 grey levels.
 *
 * @param kind what they are patches of, in a word or two that becomes part of the data set's name
 * @param images at least one
 */
record Patches(String kind, List<GreyImage> images) {
    private static final int SIDE = ImageGenerator.SIDE;
    private static final int MIN_VARIANCE = 256;
    private static final int TRIES = 100_000;

    Patches {
        images = List.copyOf(images);
    }

    /**
     * Draws one patch.
     *
     * @param patch receives SIDE x SIDE bytes, row-major
     */
    void draw(PhiloxSequence random, byte[] patch) {
        for (int i = 0; i < TRIES; i++) {
            GreyImage image = images.get(random.nextInt(images.size()));
            int top = random.nextInt(image.height() - SIDE + 1);
            int left = random.nextInt(image.width() - SIDE + 1);
            for (int y = 0; y < SIDE; y++) {
                System.arraycopy(image.pixels(), (top + y) * image.width() + left, patch, y * SIDE, SIDE);
            }
            if (varies(patch)) {
                return;
            }
        }
        throw new DataException("The images are too flat: of " + TRIES + " random patches of 28 x 28 pixels, from "
                + images.get(0).name() + " to " + images.get(images.size() - 1).name()
                + ", none has a standard deviation of 16 grey levels. Name other images.");
    }

    /** Whether the variance reaches the bound; in whole numbers, so that no rounding decides. */
    private static boolean varies(byte[] patch) {
        long sum = 0;
        long squares = 0;
        for (byte pixel : patch) {
            long value = pixel & 0xFF;
            sum += value;
            squares += value * value;
        }
        long n = patch.length;
        return n * squares - sum * sum >= MIN_VARIANCE * n * n;
    }
}
