package io.espalier.data;

import io.espalier.random.PhiloxSequence;

/** Draws one image of a wanted class: what a generated data set is made of. */
@FunctionalInterface
interface ImageGenerator extends Recipe {
    /** Side of the square images, in pixels. */
    int SIDE = 28;

    /**
     * Fills one image.
     *
     * @param label the class to draw, 0 or 1
     * @param random where its randomness comes from
     * @param image SIDE x SIDE bytes, row-major, all zero on entry
     */
    void draw(int label, PhiloxSequence random, byte[] image);

    /** Exactly balanced examples in random class order; equal seeds give equal bytes. */
    default Examples examples(String origin, int count, PhiloxSequence random) {
        int features = SIDE * SIDE;
        int[] labels = balancedLabels(count, random);
        byte[] pixels = new byte[count * features];
        byte[] image = new byte[features];
        for (int i = 0; i < count; i++) {
            java.util.Arrays.fill(image, (byte) 0);
            draw(labels[i], random, image);
            System.arraycopy(image, 0, pixels, i * features, features);
        }
        return Examples.images(origin, SIDE, pixels, labels);
    }

    @Override
    default Examples examples(String origin, int first, int count, Ingredients ingredients, PhiloxSequence random) {
        return examples(origin, count, random);
    }

    private static int[] balancedLabels(int count, PhiloxSequence random) {
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            int swap = random.nextInt(i + 1);
            labels[i] = labels[swap];
            labels[swap] = i & 1;
        }
        return labels;
    }
}
