package io.espalier.bench;

/**
 * How large a workload is.
 *
 * @param outputs O
 * @param inputs I
 * @param batch B
 * @param members R
 * @param sparsity the share of weights that is removed, 0 where all are there
 * @param compression weights of the virtual matrix for each number that is stored, 1 where weights are not hashed
 */
public record Size(int outputs, int inputs, int batch, int members, double sparsity, int compression) {
    static Size dense(int outputs, int inputs, int batch, int members) {
        return new Size(outputs, inputs, batch, members, 0, 1);
    }

    /** The same with this share of the weights removed. */
    Size pruned(double share) {
        return new Size(outputs, inputs, batch, members, share, 1);
    }

    /** The same with so many weights for each stored number. */
    Size hashed(int weightsPerNumber) {
        return new Size(outputs, inputs, batch, members, 0, weightsPerNumber);
    }

    /** Weights of one member, those that were removed included. */
    int weights() {
        return outputs * inputs;
    }

    /** Weights of one member that are there: exactly so many of every member. */
    int alive() {
        return Math.max(1, (int) Math.rint(weights() * (1 - sparsity)));
    }

    /** Numbers that a hashed matrix of one member stores. */
    int buckets() {
        return Math.max(1, weights() / compression);
    }
}
