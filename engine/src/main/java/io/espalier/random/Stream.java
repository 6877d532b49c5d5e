package io.espalier.random;

/**
 * The named uses of randomness. Each has its own counter space, so that drawing more of one never shifts another. A code is
 * part of the numbers a study gives: append, never renumber.
 */
public enum Stream {
    /** Initial weights; one substream a layer. */
    INITIAL_WEIGHTS(1),
    /** The order of the training examples; one substream an epoch. */
    DATA_ORDER(2),
    /** Dropped units; one substream a layer, 0 being the input. */
    DROPOUT(3),
    /** Scores of the random saliency; one substream a weight tensor. */
    RANDOM_SALIENCY(4),
    /** Fresh weights of the reinit control; one substream a layer. */
    REINITIAL_WEIGHTS(5),
    /** Generated data sets; one substream a split. */
    GENERATED_DATA(6),
    /** Inputs of the op contract; one substream a tensor. */
    CONTRACT_INPUT(7),
    /** Which combinations of tuned values are tried. */
    TUNING(8),
    /** The fixed factor of weights of low rank; one substream a layer. */
    FIXED_FACTOR(9),
    /** The training examples that a saliency looks at if it does not look at all. */
    SALIENCY_EXAMPLES(10),
    /** Scores of units that are removed at random; one substream a hidden layer. */
    RANDOM_UNITS(11),
    /** Which masks drop a unit where its damage is measured; one substream a hidden layer. */
    DROPOUT_DAMAGE(12),
    /** By how much training images are moved, and which are mirrored. */
    AUGMENTATION(13);

    private final int code;

    Stream(int code) {
        this.code = code;
    }

    /**
     * The stream word of the Philox counter.
     *
     * @param substream 0 to 2^24 - 1
     */
    public int at(int substream) {
        if (substream < 0 || substream >= 1 << 24) {
            throw new IllegalArgumentException("Substream " + substream + " is outside 0 .. 2^24 - 1");
        }
        return code << 24 | substream;
    }
}
