package io.espalier.data;

import io.espalier.random.PhiloxSequence;

/**
 * Digits of MNIST, turned or not, on a background: re-creations of the MNIST variations of Larochelle et al. (ICML 2007).
 *
 * <p>As published: 12,000 training and 50,000 test digits; an angle uniform on 0 to 2 pi; noise uniform on 0 to 255 for each pixel;
 * patches of images, those of low variance left out; turning comes before the background. Our choices where the published rules
 * are silent: which digit goes where (all 70,000 are shuffled, the first 12,000 train, the next 50,000 test, none twice, and every
 * variation has the same digits in the same places); the turn is about the centre of the image with bilinear interpolation, black
 * coming in from outside and corners that leave the image cut off; and a pixel shows the brighter of digit and background, which
 * keeps the soft edge of a stroke free of a dark seam. The published rotated sets exist in two versions; the errors of later papers
 * belong to the second, and so does the uniform angle.
 *
 * @param turned whether each digit is turned by an angle of its own
 */
record VariedDigits(boolean turned, Background background) implements Recipe {
    private static final int SIDE = ImageGenerator.SIDE;
    private static final int PIXELS = SIDE * SIDE;

    /** What is behind the digit. */
    enum Background {
        BLACK,
        NOISE,
        PATCH
    }

    @Override
    public boolean usesDigits() {
        return true;
    }

    @Override
    public boolean usesPatches() {
        return background == Background.PATCH;
    }

    @Override
    public Examples examples(String origin, int first, int count, Ingredients ingredients, PhiloxSequence random) {
        ShuffledDigits digits = ingredients.digits().orElseThrow();
        if (digits.count() < first + count) {
            throw new DataException("The " + origin + " needs " + (first + count) + " digits, but MNIST has "
                    + digits.count() + " here. Get its files again.");
        }
        byte[] pixels = new byte[count * PIXELS];
        int[] labels = new int[count];
        byte[] digit = new byte[PIXELS];
        byte[] behind = new byte[PIXELS];
        for (int i = 0; i < count; i++) {
            labels[i] = digits.copy(first + i, digit);
            byte[] front = turned ? turned(digit, 2 * StrictMath.PI * random.nextDouble()) : digit;
            switch (background) {
                case BLACK -> {}
                case NOISE -> {
                    for (int p = 0; p < PIXELS; p++) {
                        behind[p] = (byte) (random.nextInt() >>> 24);
                    }
                }
                case PATCH -> ingredients.patches().orElseThrow().draw(random, behind);
            }
            for (int p = 0; p < PIXELS; p++) {
                pixels[i * PIXELS + p] = (byte) Math.max(front[p] & 0xFF, behind[p] & 0xFF);
            }
        }
        return Examples.images(origin, SIDE, pixels, labels);
    }

    /** The image turned about its centre; StrictMath, so that every machine computes the same bytes. */
    static byte[] turned(byte[] image, double angle) {
        double cos = StrictMath.cos(angle);
        double sin = StrictMath.sin(angle);
        double centre = (SIDE - 1) / 2.0;
        byte[] turned = new byte[PIXELS];
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                double sourceX = cos * (x - centre) - sin * (y - centre) + centre;
                double sourceY = sin * (x - centre) + cos * (y - centre) + centre;
                turned[y * SIDE + x] = (byte) (int) (interpolated(image, sourceX, sourceY) + 0.5);
            }
        }
        return turned;
    }

    private static double interpolated(byte[] image, double x, double y) {
        int left = (int) StrictMath.floor(x);
        int top = (int) StrictMath.floor(y);
        double right = x - left;
        double down = y - top;
        return (1 - down) * ((1 - right) * at(image, left, top) + right * at(image, left + 1, top))
                + down * ((1 - right) * at(image, left, top + 1) + right * at(image, left + 1, top + 1));
    }

    private static int at(byte[] image, int x, int y) {
        return x < 0 || x >= SIDE || y < 0 || y >= SIDE ? 0 : image[y * SIDE + x] & 0xFF;
    }
}
