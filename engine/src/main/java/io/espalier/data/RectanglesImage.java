package io.espalier.data;

import io.espalier.random.PhiloxSequence;

/**
 * Rectangles filled with one patch, on another; class 1 is taller than wide. A re-creation of the set of Larochelle et al. (ICML
 * 2007): both sides at least 10 pixels and at least 5 apart, the area 25 to 75 % of the image, the patches those of {@link Patches}.
 * These bounds are quoted from summaries of the paper, not from the paper. Our choices: height and width uniform among those that
 * satisfy them, the top-left corner uniform among those that fit, no border around the rectangle.
 */
final class RectanglesImage implements Recipe {
    private static final int SIDE = ImageGenerator.SIDE;

    @Override
    public boolean usesPatches() {
        return true;
    }

    @Override
    public Examples examples(String origin, int first, int count, Ingredients ingredients, PhiloxSequence random) {
        Patches patches = ingredients.patches().orElseThrow();
        byte[] inside = new byte[SIDE * SIDE];
        ImageGenerator generator = (label, sequence, image) -> draw(label, sequence, patches, inside, image);
        return generator.examples(origin, count, random);
    }

    private static void draw(int label, PhiloxSequence random, Patches patches, byte[] inside, byte[] image) {
        int height;
        int width;
        do {
            height = 10 + random.nextInt(SIDE - 9);
            width = 10 + random.nextInt(SIDE - 9);
        } while (Math.abs(height - width) < 5
                || 4 * height * width < SIDE * SIDE
                || 4 * height * width > 3 * SIDE * SIDE
                || (height > width) != (label == 1));
        int top = random.nextInt(SIDE - height + 1);
        int left = random.nextInt(SIDE - width + 1);
        patches.draw(random, image);
        patches.draw(random, inside);
        for (int y = top; y < top + height; y++) {
            System.arraycopy(inside, y * SIDE + left, image, y * SIDE + left, width);
        }
    }
}
