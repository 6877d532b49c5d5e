package io.espalier.network;

import java.util.Arrays;

/** Which entry of a codebook each connection of a layer takes its weight from; pruned ones take none. Treated as immutable. */
public final class Assignment {
    private final byte[] alive;
    private final int[] entries;

    /**
     * An assignment.
     *
     * @param alive for every connection, row-major, 1 if it has an entry, 0 if it is pruned
     * @param entries of those alive, in the same order
     */
    public Assignment(byte[] alive, int[] entries) {
        int count = 0;
        for (byte one : alive) {
            count += one;
        }
        if (count != entries.length) {
            throw new IllegalArgumentException(entries.length + " entries are assigned to " + count + " connections");
        }
        this.alive = alive;
        this.entries = entries;
    }

    /** For every connection, row-major, 1 or, where it is pruned, 0. */
    public byte[] alive() {
        return alive;
    }

    /** Of the connections that are alive, row-major. */
    public int[] entries() {
        return entries;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Assignment same
                && Arrays.equals(alive, same.alive)
                && Arrays.equals(entries, same.entries);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(alive) + Arrays.hashCode(entries);
    }

    @Override
    public String toString() {
        return entries.length + " of " + alive.length + " connections";
    }
}
