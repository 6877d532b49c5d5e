package io.espalier.data;

import io.espalier.random.PhiloxSequence;

/**
 * Outlines of rectangles; class 1 is taller than wide. A re-creation of the set of Larochelle et al. (ICML 2007): border
 * pixels 255, the rest 0; height and width uniform, drawn again while they differ by less than three pixels; the top-left
 * corner uniform among those that fit. The sides' range, 1 to 28, is our choice: the published rule does not name it.
 */
final class Rectangles implements ImageGenerator {
    @Override
    public void draw(int label, PhiloxSequence random, byte[] image) {
        int height;
        int width;
        do {
            height = 1 + random.nextInt(SIDE);
            width = 1 + random.nextInt(SIDE);
        } while (Math.abs(height - width) < 3 || (height > width) != (label == 1));
        int top = random.nextInt(SIDE - height + 1);
        int left = random.nextInt(SIDE - width + 1);
        for (int x = left; x < left + width; x++) {
            image[top * SIDE + x] = (byte) 255;
            image[(top + height - 1) * SIDE + x] = (byte) 255;
        }
        for (int y = top; y < top + height; y++) {
            image[y * SIDE + left] = (byte) 255;
            image[y * SIDE + left + width - 1] = (byte) 255;
        }
    }
}
