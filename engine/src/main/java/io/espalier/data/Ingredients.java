package io.espalier.data;

import java.util.Optional;

/**
 * What a {@link Recipe} works on besides randomness.
 *
 * @param digits present where the recipe uses digits
 * @param patches present where the recipe uses patches
 */
record Ingredients(Optional<ShuffledDigits> digits, Optional<Patches> patches) {
    static final Ingredients NONE = new Ingredients(Optional.empty(), Optional.empty());
}
