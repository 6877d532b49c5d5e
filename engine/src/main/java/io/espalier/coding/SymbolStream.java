package io.espalier.coding;

/**
 * Symbols as bits: each in as many as the alphabet needs, or Huffman coded where that is smaller, its table included.
 *
 * @param alphabet how many symbols there are, from 0
 * @param bits most significant first, as {@code numpy.unpackbits} has them
 * @param lengths of the canonical Huffman codes, a byte a symbol; empty: none, symbols have the same length
 */
public record SymbolStream(int alphabet, byte[] bits, byte[] lengths) {
    /** The smaller of the two forms. */
    public static SymbolStream of(int[] symbols, int alphabet) {
        SymbolStream packed = packed(symbols, alphabet);
        if (symbols.length == 0) {
            return packed;
        }
        SymbolStream coded = coded(symbols, alphabet);
        return coded.bytes() < packed.bytes() ? coded : packed;
    }

    private static SymbolStream packed(int[] symbols, int alphabet) {
        BitWriter bits = new BitWriter();
        for (int symbol : symbols) {
            bits.write(symbol, width(alphabet));
        }
        return new SymbolStream(alphabet, bits.toBytes(), new byte[0]);
    }

    private static SymbolStream coded(int[] symbols, int alphabet) {
        int[] frequencies = new int[alphabet];
        for (int symbol : symbols) {
            frequencies[symbol]++;
        }
        Huffman code = Huffman.of(frequencies);
        BitWriter bits = new BitWriter();
        for (int symbol : symbols) {
            code.write(symbol, bits);
        }
        return new SymbolStream(alphabet, bits.toBytes(), code.lengths());
    }

    /** Bits that tell so many symbols apart. */
    private static int width(int alphabet) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, alphabet) - 1);
    }

    /** What both parts take, in bytes. */
    public int bytes() {
        return bits.length + lengths.length;
    }

    /** Reads all symbols. */
    public int[] symbols(int count) {
        Reader reader = reader();
        int[] symbols = new int[count];
        for (int i = 0; i < count; i++) {
            symbols[i] = reader.next();
        }
        reader.requireEnd();
        return symbols;
    }

    /** Reads the symbols one by one; complains of what is damaged with an {@link IllegalArgumentException}. */
    Reader reader() {
        if (lengths.length == 0) {
            return new Reader(alphabet, new BitReader(bits), null);
        }
        if (lengths.length != alphabet) {
            throw new IllegalArgumentException(
                    "a Huffman table has " + lengths.length + " lengths for " + alphabet + " symbols");
        }
        return new Reader(alphabet, new BitReader(bits), Huffman.of(lengths));
    }

    /** @param code null where symbols have the same length */
    record Reader(int alphabet, BitReader bits, Huffman code) {
        int next() {
            int symbol = code == null ? bits.bits(width(alphabet)) : code.read(bits);
            if (symbol >= alphabet) {
                throw new IllegalArgumentException(
                        "a stream holds code " + symbol + " where there are " + alphabet + " codes from 0");
            }
            return symbol;
        }

        void requireEnd() {
            bits.requireEnd();
        }
    }
}
