package io.espalier.data;

/**
 * What is done to pixels before a network sees them, other than dividing by 255.
 *
 * @param normalised whether every channel gets mean 0 and deviation 1 over the training part
 * @param shift training images move by up to so many pixels, up or down and to either side; at least 0
 * @param mirrored whether half of the training images have left and right exchanged
 */
public record Preparation(boolean normalised, int shift, boolean mirrored) {
    /** Nothing. */
    public static final Preparation NONE = new Preparation(false, 0, false);

    public Preparation {
        if (shift < 0 || shift > 1 << 10) {
            throw new IllegalArgumentException("Images can move by 0 to 1024 pixels, got " + shift);
        }
    }

    /** Whether training images are not always the same. */
    public boolean augments() {
        return shift > 0 || mirrored;
    }
}
