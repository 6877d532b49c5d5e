package io.espalier.coding;

/**
 * Which of n places are taken, in the smallest of nine forms: a bit for every place, or the gaps between taken ones as
 * differences of 1 to 8 bits (Han et al. 2016, section 2). Where a gap is longer than a difference can say, the largest difference
 * stands for so many free places and the gap goes on; no zero weight is stored there, as the paper does.
 *
 * @param gapBits bits of a difference; 0 for a bit every place
 */
public record Places(int gapBits, SymbolStream stream) {
    private static final int WIDEST = 8;

    public Places {
        if (gapBits < 0 || gapBits > WIDEST) {
            throw new IllegalArgumentException("differences have 1 to " + WIDEST + " bits, not " + gapBits);
        }
    }

    /** Places from their stream as it was stored. */
    public static Places stored(int gapBits, byte[] bits, byte[] lengths) {
        return new Places(gapBits, new SymbolStream(gapBits == 0 ? 2 : 1 << gapBits, bits, lengths));
    }

    /** @param taken 1 for a place that is taken, else 0 */
    public static Places of(byte[] taken) {
        int[] bits = new int[taken.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = taken[i];
        }
        Places smallest = new Places(0, SymbolStream.of(bits, 2));
        for (int width = 1; width <= WIDEST; width++) {
            Places gaps = new Places(width, SymbolStream.of(gaps(taken, (1 << width) - 1), 1 << width));
            smallest = gaps.stream.bytes() < smallest.stream.bytes() ? gaps : smallest;
        }
        return smallest;
    }

    /** @param longest stands for so many free places, with nothing after them */
    private static int[] gaps(byte[] taken, int longest) {
        int[] gaps = new int[taken.length];
        int count = 0;
        int free = 0;
        int written = 0;
        for (byte one : taken) {
            if (one == 0) {
                free++;
            } else {
                for (; free >= longest; free -= longest) {
                    gaps[count++] = longest;
                }
                gaps[count++] = free;
                free = 0;
                written = count;
            }
        }
        return java.util.Arrays.copyOf(gaps, written);
    }

    /**
     * Reads which places are taken.
     *
     * @param count how many
     * @param places n
     * @throws IllegalArgumentException if the stream is damaged
     */
    public byte[] taken(int count, int places) {
        byte[] taken = new byte[places];
        SymbolStream.Reader reader = stream.reader();
        if (gapBits == 0) {
            int found = 0;
            for (int i = 0; i < places; i++) {
                taken[i] = (byte) reader.next();
                found += taken[i];
            }
            require(found == count);
        } else {
            int longest = (1 << gapBits) - 1;
            int at = -1;
            for (int left = count; left > 0; ) {
                int gap = reader.next();
                at += gap == longest ? longest : gap + 1;
                require(at < places);
                if (gap < longest) {
                    taken[at] = 1;
                    left--;
                }
            }
        }
        reader.requireEnd();
        return taken;
    }

    private static void require(boolean asCounted) {
        if (!asCounted) {
            throw new IllegalArgumentException("a stream of places does not say where the weights are that it counts");
        }
    }
}
