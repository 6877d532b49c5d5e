package io.espalier.backend;

/**
 * Which activations are dropped: a pure function of (seed, step, stream, unit, column), so that forward and backward agree
 * without storing a mask and a member sees the same drops on every backend and in every cohort.
 *
 * <p>Unit i of column b is dropped where the 16-bit number u < t, with t = round(65536 rate) and u half-word (b mod 8), low
 * half first, of the Philox block for counter (i, step, stream, b div 8). Survivors are scaled by 65536 / (65536 - t), and there
 * are none if t = 65536. A layer that has lost units names those that are left, so that each draws what it drew before.
 *
 * @param keys (R, 1, 2) I32, the low and high word of each member's seed
 * @param step (R, 1, 1) I32, the training step of each member
 * @param rate (R, 1, 1) REAL, the share dropped, 0 to below 1
 * @param units (R, rows, 1) I32, which unit each row is; null: row i is unit i
 * @param stream the Philox stream word of this layer
 */
public record Dropout(Tensor keys, Tensor step, Tensor rate, Tensor units, int stream) {
    /** No dropout: evaluation, or a study that asks for none. */
    public static final Dropout NONE = new Dropout(null, null, null, 0);

    /** Dropout where row i is unit i. */
    public Dropout(Tensor keys, Tensor step, Tensor rate, int stream) {
        this(keys, step, rate, null, stream);
    }

    /** 16-bit draws that one Philox block gives. */
    public static final int DRAWS_PER_BLOCK = 8;

    /** Whether anything may be dropped. */
    public boolean isActive() {
        return rate != null;
    }

    /** t: the draws below it drop their unit. */
    public static int threshold(double rate) {
        return (int) Math.rint(rate * 65536);
    }

    /** The factor of the survivors; 0 where a rate just below 1 rounds to a threshold that nobody survives. */
    public static double scale(int threshold) {
        return threshold == 65536 ? 0 : 65536.0 / (65536 - threshold);
    }

    /** Draw number 0 to 7 of a Philox block. */
    public static int draw(int[] block, int number) {
        return block[number >> 1] >>> ((number & 1) << 4) & 0xFFFF;
    }
}
