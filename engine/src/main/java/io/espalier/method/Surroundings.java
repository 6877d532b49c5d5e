package io.espalier.method;

import io.espalier.compress.CompressionRatio;
import io.espalier.network.NetworkSpec;
import io.espalier.train.Length;
import java.util.List;

/**
 * What a method must know of the study that it stands in.
 *
 * @param network the uncompressed one, which ratios are counted against
 * @param ratios where this method is read out, ascending
 * @param longestEpochs of any pruned row, parents included: what methods that train from scratch get
 * @param rewindPoints of this method's children, in the order in which training passes there
 */
public record Surroundings(
        NetworkSpec network, List<CompressionRatio> ratios, int longestEpochs, List<Length> rewindPoints) {
    public Surroundings {
        ratios = List.copyOf(ratios);
        rewindPoints = List.copyOf(rewindPoints);
    }
}
