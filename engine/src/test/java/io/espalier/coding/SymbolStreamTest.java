package io.espalier.coding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Symbols and places as bits: what is written is read, nothing smaller was possible, damage is seen. */
class SymbolStreamTest {
    /** Symbols 0 to n - 1, each half as frequent as the one before if skewed. */
    private static int[] symbols(int count, int alphabet, boolean skewed, int seed) {
        PhiloxSequence random = new PhiloxSequence(new Seed(seed), 2);
        int[] symbols = new int[count];
        for (int i = 0; i < count; i++) {
            int symbol = 0;
            while (skewed && symbol < alphabet - 1 && random.nextDouble() < 0.5) {
                symbol++;
            }
            symbols[i] = skewed ? symbol : random.nextInt(alphabet);
        }
        return symbols;
    }

    @Test
    void whatIsWrittenIsRead() {
        for (int alphabet : new int[] {1, 2, 3, 31, 32, 33, 255, 256, 65_535}) {
            for (int count : new int[] {0, 1, 2, 7, 8, 1023}) {
                for (boolean skewed : new boolean[] {false, true}) {
                    int[] symbols = symbols(count, alphabet, skewed, count + alphabet);
                    SymbolStream stream = SymbolStream.of(symbols, alphabet);
                    assertArrayEquals(symbols, stream.symbols(count), alphabet + " symbols, " + count);
                }
            }
        }
    }

    /** Frequencies 1/2, 1/4, 1/8, 1/8: entropy and the Huffman code agree at 1.75 bits. */
    @Test
    void aCodeByHand() {
        int[] symbols = new int[64];
        Arrays.fill(symbols, 0, 8, 3);
        Arrays.fill(symbols, 8, 16, 0);
        Arrays.fill(symbols, 16, 32, 1);
        Arrays.fill(symbols, 32, 64, 2);
        SymbolStream stream = SymbolStream.of(symbols, 4);
        assertEquals(16, stream.bytes(), "two bits each are less than 14 bytes and a table of 4");
        Huffman code = Huffman.of(new int[] {8, 16, 32, 8});
        assertArrayEquals(new byte[] {3, 2, 1, 3}, code.lengths());
        BitWriter bits = new BitWriter();
        for (int symbol : new int[] {2, 1, 0, 3}) {
            code.write(symbol, bits);
        }
        // 0 10 110 111, and zeros to the end of the byte.
        assertArrayEquals(new byte[] {(byte) 0b01011011, (byte) 0b10000000}, bits.toBytes());
    }

    /** Within a bit of the entropy, and never more than symbols of one length. */
    @Test
    void codesAreShort() {
        int[] symbols = symbols(20_000, 32, true, 5);
        SymbolStream stream = SymbolStream.of(symbols, 32);
        int[] frequencies = new int[32];
        for (int symbol : symbols) {
            frequencies[symbol]++;
        }
        double entropy = 0;
        for (int frequency : frequencies) {
            double share = (double) frequency / symbols.length;
            entropy -= share == 0 ? 0 : share * Math.log(share) / Math.log(2);
        }
        double each = 8.0 * stream.bits().length / symbols.length;
        assertTrue(each >= entropy - 1e-3 && each < entropy + 0.01, each + " bits for " + entropy);
        assertEquals(32, stream.lengths().length);
    }

    /** Fibonacci numbers make the deepest trees. */
    @Test
    void deepTrees() {
        int[] frequencies = new int[44];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = i < 2 ? 1 : frequencies[i - 1] + frequencies[i - 2];
        }
        Huffman code = Huffman.of(frequencies);
        assertEquals(43, code.lengths()[0]);
        BitWriter bits = new BitWriter();
        for (int symbol = 0; symbol < frequencies.length; symbol++) {
            code.write(symbol, bits);
        }
        BitReader reader = new BitReader(bits.toBytes());
        Huffman read = Huffman.of(code.lengths());
        for (int symbol = 0; symbol < frequencies.length; symbol++) {
            assertEquals(symbol, read.read(reader));
        }
        reader.requireEnd();
    }

    private static void refused(String because, int alphabet, byte[] bits, byte[] lengths, int count) {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> new SymbolStream(alphabet, bits, lengths).symbols(count));
        assertTrue(e.getMessage().contains(because), e.getMessage());
    }

    @Test
    void damageIsRefused() {
        byte[] one = {(byte) 0b01011000};
        refused("ends too early", 4, one, new byte[0], 5);
        refused("after its end", 4, one, new byte[0], 2);
        refused("after its end", 4, new byte[] {one[0], 0}, new byte[0], 4);
        refused("holds code 6 where there are 6", 6, new byte[] {(byte) 0b11000000}, new byte[0], 1);
        refused("over-full", 3, one, new byte[] {1, 1, 1}, 1);
        refused("not full", 3, one, new byte[] {1, 2, 0}, 1);
        refused("not full", 3, one, new byte[] {0, 0, 0}, 1);
        refused("not full", 3, one, new byte[] {0, 2, 0}, 1);
        refused("a code of 200 bits", 3, one, new byte[] {1, 2, (byte) 200}, 1);
        refused("3 lengths for 4 symbols", 4, one, new byte[] {1, 2, 2}, 1);
        refused("lacks", 2, new byte[] {(byte) 0xFF, -1, -1, -1, -1, -1, -1}, new byte[] {0, 1}, 1);
        refused("ends too early", 3, new byte[] {(byte) 0xFF}, new byte[] {1, 2, 2}, 5);
        assertArrayEquals(new int[] {1, 1, 1}, new SymbolStream(2, new byte[] {0}, new byte[] {0, 1}).symbols(3));
    }

    private static byte[] places(int n, double share, int seed) {
        PhiloxSequence random = new PhiloxSequence(new Seed(seed), 3);
        byte[] taken = new byte[n];
        for (int i = 0; i < n; i++) {
            taken[i] = (byte) (random.nextDouble() < share ? 1 : 0);
        }
        return taken;
    }

    private static int count(byte[] taken) {
        int count = 0;
        for (byte one : taken) {
            count += one;
        }
        return count;
    }

    @Test
    void placesComeBack() {
        for (int n : new int[] {1, 2, 31, 1023, 20_000}) {
            for (double share : new double[] {0, 0.001, 0.03, 0.1, 0.5, 0.98, 1}) {
                byte[] taken = places(n, share, n);
                Places places = Places.of(taken);
                assertArrayEquals(taken, places.taken(count(taken), n), n + " places, " + share);
                Places stored = Places.stored(
                        places.gapBits(),
                        places.stream().bits(),
                        places.stream().lengths());
                assertArrayEquals(taken, stored.taken(count(taken), n));
            }
        }
    }

    @Test
    void theSmallestFormIsChosen() {
        assertEquals(0, Places.of(places(20_000, 0.5, 1)).gapBits(), "a bit a place");
        Places few = Places.of(places(20_000, 0.05, 1));
        // The entropy of one place in twenty is 0.286 bits.
        double bits = 8.0 * few.stream().bytes() / 20_000;
        assertTrue(few.gapBits() > 0 && bits > 0.28 && bits < 0.31, few.gapBits() + " bits a gap: " + bits);
        byte[] farApart = new byte[2_000];
        farApart[1999] = 1;
        Places far = Places.of(farApart);
        assertArrayEquals(farApart, far.taken(1, 2_000), "a gap longer than any difference");
        assertTrue(far.stream().bytes() <= 8, "" + far.stream().bytes());
    }

    @Test
    void placesThatContradictTheirCountAreRefused() {
        byte[] half = places(64, 0.5, 1);
        Places mask = Places.of(half);
        assertThrows(IllegalArgumentException.class, () -> mask.taken(count(half) - 1, 64));
        assertThrows(IllegalArgumentException.class, () -> mask.taken(count(half), 55));
        Places gaps = new Places(3, SymbolStream.of(new int[] {2, 7, 0, 1}, 8));
        assertEquals(3, count(gaps.taken(3, 20)));
        for (int[] wrong : new int[][] {{2, 20}, {5, 20}, {3, 12}}) {
            assertThrows(IllegalArgumentException.class, () -> gaps.taken(wrong[0], wrong[1]));
        }
        assertThrows(IllegalArgumentException.class, () -> Places.stored(9, new byte[1], new byte[0]));
    }
}
