package io.espalier.data;

import io.espalier.random.PhiloxSequence;

/** How the examples of a generated data set are made. */
interface Recipe {
    /** Whether the digits of MNIST go into it. */
    default boolean usesDigits() {
        return false;
    }

    /** Whether patches of images go into it. */
    default boolean usesPatches() {
        return false;
    }

    /**
     * Makes one part; equal arguments give equal bytes on every machine.
     *
     * @param origin what messages call the part
     * @param first how many examples the parts before this one have, so that no digit serves twice
     * @param count how many examples to make
     * @param ingredients at least those that this recipe uses
     * @param random where its randomness comes from
     */
    Examples examples(String origin, int first, int count, Ingredients ingredients, PhiloxSequence random);
}
