package io.espalier.compress;

import io.espalier.backend.WeightHash;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Storage;
import io.espalier.network.StoreSpec;
import java.util.ArrayList;
import java.util.List;

/** How many buckets each layer has, so that a hashed network is as small as it is to be. */
public final class HashedStorage {
    private HashedStorage() {}

    /**
     * Native hashes at a ratio: biases are stored as they are, buckets are what is left of floor(P / ratio).
     *
     * @throws IllegalArgumentException if that is less than one for each layer
     */
    public static Storage of(NetworkSpec network, CompressionRatio ratio) {
        return of(network, ratio.weightsKept(network));
    }

    /**
     * Native hashes with so many buckets in all layers together, in proportion to their weights: largest remainder, at least one
     * each.
     *
     * @throws IllegalArgumentException if there are fewer than layers, or more than weights
     */
    public static Storage of(NetworkSpec network, int buckets) {
        if (buckets < network.layers() || buckets > network.prunable()) {
            throw new IllegalArgumentException("Network " + network + " of " + network.layers() + " layers and "
                    + network.prunable() + " weights cannot have " + buckets + " buckets");
        }
        int[] sizes = sizes(network);
        int[] shares = Scope.share(buckets, sizes, sizes);
        for (int poor = 0; poor < shares.length; poor++) {
            if (shares[poor] == 0) {
                shares[richest(shares)]--;
                shares[poor] = 1;
            }
        }
        List<StoreSpec> layers = new ArrayList<>();
        for (int share : shares) {
            layers.add(new StoreSpec.Hashed(WeightHash.Mode.NATIVE, WeightHash.PUBLISHED_SEED, share, 0));
        }
        return new Storage(layers);
    }

    /**
     * The authors' hashes and counts: of every layer's weights, and biases if they are hashed, one in {@code ratio}, rounded up. With
     * roundings and at least one bucket for each, the whole may be a few numbers above P / ratio; with biases as they are, far more.
     */
    public static Storage asPublished(NetworkSpec network, CompressionRatio ratio, boolean hashBiases) {
        List<StoreSpec> layers = new ArrayList<>();
        for (int l = 0; l < network.layers(); l++) {
            layers.add(new StoreSpec.Hashed(
                    WeightHash.Mode.PAPER,
                    WeightHash.PUBLISHED_SEED,
                    (int) Math.ceil(network.outputs(l) * network.inputs(l) / ratio.value()),
                    hashBiases ? (int) Math.ceil(network.biases(l) / ratio.value()) : 0));
        }
        return new Storage(layers);
    }

    private static int[] sizes(NetworkSpec network) {
        int[] sizes = new int[network.layers()];
        for (int l = 0; l < sizes.length; l++) {
            sizes[l] = network.outputs(l) * network.inputs(l);
        }
        return sizes;
    }

    private static int richest(int[] shares) {
        int richest = 0;
        for (int l = 1; l < shares.length; l++) {
            richest = shares[l] > shares[richest] ? l : richest;
        }
        return richest;
    }
}
