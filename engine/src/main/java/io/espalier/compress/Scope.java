package io.espalier.compress;

import io.espalier.network.NetworkSpec;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/** Over which weights the saliencies are ranked together. */
public enum Scope {
    /** One ranking over the whole network. */
    GLOBAL,
    /** A ranking in each layer, the same sparsity everywhere. */
    LAYER,
    /**
     * A ranking in each layer; a cut takes the same share of what every layer has left, and half that share of the last one's (Frankle
     * and Carbin 2019).
     */
    LAYER_HALF_OUTPUT,
    /**
     * A ranking in each layer; weights in proportion to the inputs and outputs of a layer, so that small layers are denser (Erdos-Renyi
     * random graphs: Mocanu et al. 2018; ERK in Evci et al. 2020, whose kernels linear layers lack). A layer that would need more than
     * it has keeps all.
     */
    ERK;

    /** Its name in study files and canonical texts. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * How many weights each layer keeps.
     *
     * @param alive weights of each layer that are alive
     * @param keep at most the sum of {@code alive}
     */
    int[] kept(NetworkSpec network, int[] alive, int keep) {
        return switch (this) {
            case GLOBAL -> throw new IllegalStateException("That is for the ranking to say");
            // Not the masks' sizes: a sparse layer's mask has no place for what is pruned.
            case LAYER ->
                share(
                        keep,
                        IntStream.range(0, alive.length)
                                .map(l -> network.outputs(l) * network.inputs(l))
                                .toArray(),
                        alive);
            case LAYER_HALF_OUTPUT -> {
                int last = alive.length - 1;
                int[] rates = IntStream.range(0, alive.length)
                        .map(l -> (l == last ? 1 : 2) * alive[l])
                        .toArray();
                int[] removed = share(IntStream.of(alive).sum() - keep, rates, alive);
                yield IntStream.range(0, alive.length)
                        .map(l -> alive[l] - removed[l])
                        .toArray();
            }
            case ERK ->
                shareUnlessFull(
                        keep,
                        IntStream.range(0, alive.length)
                                .map(l -> network.inputs(l) + network.outputs(l))
                                .toArray(),
                        alive);
        };
    }

    /** As {@link #share}, but what layers cannot take is shared by the others in proportion too. */
    private static int[] shareUnlessFull(int keep, int[] sizes, int[] alive) {
        int[] open = sizes.clone();
        int[] room = alive.clone();
        int[] shares = new int[sizes.length];
        int left = keep;
        for (boolean found = true; found; ) {
            found = false;
            int toShare = left;
            long total = IntStream.of(open).asLongStream().sum();
            for (int i = 0; i < sizes.length; i++) {
                if (open[i] > 0 && (long) toShare * open[i] >= room[i] * total) {
                    shares[i] = room[i];
                    left -= room[i];
                    open[i] = 0;
                    room[i] = 0;
                    found = true;
                }
            }
        }
        if (left > 0) {
            int[] rest = share(left, open, room);
            Arrays.setAll(shares, i -> shares[i] + rest[i]);
        }
        return shares;
    }

    /**
     * How a number of weights is shared over layers in proportion to their sizes: largest remainder, ties to the lower layer. A layer never gets more than it has alive: largest remainders can grow while the total shrinks (the Alabama
     * paradox), pruned weights do not come back.
     *
     * @param keep at most the sum of {@code alive}
     * @param alive the most that each layer may get
     */
    static int[] share(int keep, int[] sizes, int[] alive) {
        long total = 0;
        for (int size : sizes) {
            total += size;
        }
        int[] shares = new int[sizes.length];
        long[] remainders = new long[sizes.length];
        int given = 0;
        for (int i = 0; i < sizes.length; i++) {
            long exact = (long) keep * sizes[i];
            shares[i] = (int) Math.min(alive[i], exact / total);
            remainders[i] = exact % total;
            given += shares[i];
        }
        while (given < keep) {
            int chosen = -1;
            for (int i = 0; i < sizes.length; i++) {
                if (shares[i] < alive[i] && (chosen < 0 || remainders[i] > remainders[chosen])) {
                    chosen = i;
                }
            }
            shares[chosen]++;
            remainders[chosen] -= total;
            given++;
        }
        return shares;
    }
}
