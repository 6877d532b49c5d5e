package io.espalier.compress;

import io.espalier.network.NetworkSpec;
import io.espalier.network.Storage;
import io.espalier.network.StoreSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Which rank each layer's product has, so that a network of learned factors is as small as it is to be. */
public final class LowRankStorage {
    private LowRankStorage() {}

    /**
     * Ranks at a ratio: floor(P / ratio) less the biases are learned numbers; see {@link #of(NetworkSpec, int)}.
     *
     * @throws IllegalArgumentException if not even rank 1 everywhere fits
     */
    public static Storage of(NetworkSpec network, CompressionRatio ratio) {
        return of(network, ratio.weightsKept(network));
    }

    /**
     * Ranks for so many learned numbers in all layers together, rank times outputs in each layer; fixed factors are
     * free. One share for all layers would make every rank that share of the layer's inputs. Ranks start at 1 and grow by one, always
     * that which is farthest below its share (then: least above it), the lower layer first, as long as its outputs fit; none grows
     * beyond the inputs.
     *
     * <p>The fixed factors have seed 0 until {@link Storage#seeded} gives them a trial's.
     *
     * @throws IllegalArgumentException if not even rank 1 everywhere fits
     */
    public static Storage of(NetworkSpec network, int weights) {
        double share = (double) weights / network.prunable();
        int[] ranks = new int[network.layers()];
        Arrays.fill(ranks, 1);
        int left = weights;
        for (int l = 0; l < ranks.length; l++) {
            left -= network.outputs(l);
        }
        if (left < 0) {
            throw new IllegalArgumentException(
                    weights + " weights are fewer than products of rank 1 have in network " + network);
        }
        for (int l = next(network, ranks, share, left); l >= 0; l = next(network, ranks, share, left)) {
            ranks[l]++;
            left -= network.outputs(l);
        }
        List<StoreSpec> layers = new ArrayList<>();
        for (int rank : ranks) {
            layers.add(new StoreSpec.LowRank(rank, 0));
        }
        return new Storage(layers);
    }

    /** The layer whose rank grows next, or -1. */
    private static int next(NetworkSpec network, int[] ranks, double share, int left) {
        int chosen = -1;
        double farthest = Double.NEGATIVE_INFINITY;
        for (int l = 0; l < ranks.length; l++) {
            double below = share * network.inputs(l) - ranks[l];
            if (network.outputs(l) <= left && ranks[l] < network.inputs(l) && below > farthest) {
                chosen = l;
                farthest = below;
            }
        }
        return chosen;
    }
}
