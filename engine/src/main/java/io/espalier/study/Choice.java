package io.espalier.study;

import io.espalier.compress.CompressionRatio;
import java.util.Map;

/**
 * What a contest came to.
 *
 * @param configuration number of the winner
 * @param epochs at each ratio, the epoch of the phase at which the winner was best, mean over seeds; what a refit trains
 */
public record Choice(int configuration, Map<CompressionRatio, Integer> epochs) {
    public Choice {
        epochs = Map.copyOf(epochs);
    }
}
