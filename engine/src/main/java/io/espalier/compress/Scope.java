package io.espalier.compress;

import java.util.Locale;

/** Over which weights the saliencies are ranked together. */
public enum Scope {
    /** One ranking over the whole network. */
    GLOBAL,
    /** A ranking in each layer, the same sparsity everywhere. */
    LAYER;

    /** Its name in study files and canonical texts. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * How a number of kept weights is shared over layers in proportion to their sizes: largest remainder, ties to the lower
     * layer. A layer never gets more than it has alive: largest remainders can grow while the total shrinks (the Alabama
     * paradox), pruned weights do not come back.
     *
     * @param keep at most the sum of {@code alive}
     * @param sizes weights of each layer, pruned ones included
     * @param alive weights of each layer that are alive
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
