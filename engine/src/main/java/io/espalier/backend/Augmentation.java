package io.espalier.backend;

/**
 * How training images are moved: a pure function of (seed, step, stream, place in the batch), so that a member sees the same images
 * on every backend and in every cohort.
 *
 * <p>Image b is moved by words 0 to 2 of the Philox block for counter (b, step, stream, 0): dy = floor(word 0 (2 shift + 1) / 2^32) -
 * shift, dx likewise of word 1, and it is mirrored where the high bit of word 2 is set.
 *
 * @param keys (R, 1, 2) I32, the low and high word of each member's seed; null for images as they are
 * @param step (R, 1, 1) I32, the training step of each member
 * @param shift the most pixels, up or down and to either side; 0 to 2^20
 * @param mirrored whether half of the images have left and right exchanged
 * @param stream the Philox stream word
 */
public record Augmentation(Tensor keys, Tensor step, int shift, boolean mirrored, int stream) {
    /** Images as they are: evaluation, or a study that asks for no more. */
    public static final Augmentation NONE = new Augmentation(null, null, 0, false, 0);

    public Augmentation {
        if (shift < 0 || shift > 1 << 20) {
            throw new IllegalArgumentException("Images cannot be moved by " + shift + " pixels, only by 0 to 2^20");
        }
    }

    /** Whether anything may be moved. */
    public boolean isActive() {
        return keys != null;
    }

    /** By how many pixels a word of random bits moves an image. */
    public static int offset(int word, int shift) {
        return (int) ((word & 0xFFFFFFFFL) * (2L * shift + 1) >>> 32) - shift;
    }

    /** Whether a word of random bits mirrors an image. */
    public static boolean mirrors(int word) {
        return word < 0;
    }
}
