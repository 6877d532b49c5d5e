package io.espalier.coding;

import java.util.PriorityQueue;

/**
 * A canonical Huffman code: codes ascend by length, those of one length by symbol, so that the lengths say it all. Of equally
 * good trees always the same one is built: of equal weights that is joined first which was there first, symbols ascending.
 */
final class Huffman {
    /** Longer than any that a count below 2^31 of symbols leads to. */
    private static final int LONGEST = 48;

    private final byte[] lengths;
    private final long[] codes;
    /** Symbols that have a code, by their codes ascending. */
    private final int[] sorted;
    /** For each length the place in {@link #sorted} of the first symbol that has it. */
    private final int[] places = new int[LONGEST + 2];
    /** For each length the first code of it. */
    private final long[] firsts = new long[LONGEST + 2];

    private Huffman(byte[] lengths) {
        this.lengths = lengths;
        this.codes = new long[lengths.length];
        int[] symbols = new int[lengths.length];
        int used = 0;
        long code = 0;
        for (int length = 1; length <= LONGEST; length++) {
            places[length] = used;
            firsts[length] = code;
            for (int symbol = 0; symbol < lengths.length; symbol++) {
                if (lengths[symbol] == length) {
                    codes[symbol] = code++;
                    symbols[used++] = symbol;
                }
            }
            code <<= 1;
        }
        places[LONGEST + 1] = used;
        this.sorted = java.util.Arrays.copyOf(symbols, used);
    }

    /** A tree that is not finished: a symbol, or two joined. */
    private record Node(long weight, int order, int symbol, Node left, Node right) implements Comparable<Node> {
        @Override
        public int compareTo(Node other) {
            return weight != other.weight ? Long.compare(weight, other.weight) : Integer.compare(order, other.order);
        }

        void lengths(int depth, byte[] into) {
            if (left == null) {
                into[symbol] = (byte) Math.max(1, depth);
            } else {
                left.lengths(depth + 1, into);
                right.lengths(depth + 1, into);
            }
        }
    }

    /**
     * The code in which symbols of these frequencies take the fewest bits; a lone symbol takes one.
     *
     * @param frequencies of the symbols 0 to n - 1, not all zero
     */
    static Huffman of(int[] frequencies) {
        PriorityQueue<Node> open = new PriorityQueue<>();
        for (int symbol = 0; symbol < frequencies.length; symbol++) {
            if (frequencies[symbol] > 0) {
                open.add(new Node(frequencies[symbol], symbol, symbol, null, null));
            }
        }
        int order = frequencies.length;
        while (open.size() > 1) {
            Node left = open.remove();
            Node right = open.remove();
            open.add(new Node(left.weight + right.weight, order++, -1, left, right));
        }
        byte[] lengths = new byte[frequencies.length];
        open.remove().lengths(0, lengths);
        return new Huffman(lengths);
    }

    /**
     * The code of these lengths.
     *
     * @param lengths of the symbols 0 to n - 1, 0 for those without a code
     * @throws IllegalArgumentException if they are not those of a full tree, or of one symbol
     */
    static Huffman of(byte[] lengths) {
        long taken = 0;
        int used = 0;
        int longest = 0;
        for (byte length : lengths) {
            if (length < 0 || length > LONGEST) {
                throw new IllegalArgumentException("a Huffman table has a code of " + (length & 0xFF) + " bits");
            }
            taken += length == 0 ? 0 : 1L << LONGEST - length;
            used += length == 0 ? 0 : 1;
            longest = Math.max(longest, length);
        }
        boolean alone = used == 1 && longest == 1;
        if (!alone && taken != 1L << LONGEST) {
            throw new IllegalArgumentException(
                    "a Huffman table is " + (taken > 1L << LONGEST ? "over-full" : "not full"));
        }
        return new Huffman(lengths.clone());
    }

    byte[] lengths() {
        return lengths.clone();
    }

    void write(int symbol, BitWriter to) {
        to.write(codes[symbol], lengths[symbol]);
    }

    int read(BitReader from) {
        long code = 0;
        for (int length = 1; length <= LONGEST; length++) {
            code = code << 1 | from.bit();
            int here = places[length + 1] - places[length];
            if (code - firsts[length] < here) {
                return sorted[places[length] + (int) (code - firsts[length])];
            }
        }
        throw new IllegalArgumentException("a stream of bits holds a code that its Huffman table lacks");
    }
}
