package io.espalier.random;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Golden numbers of the C library, release 0.8.3, through its Python binding: {@code xxhash.xxh32(text, seed=s).intdigest()}. The
 * first two of seed 0 are also in the specification.
 */
class XxHash32Test {
    @ParameterizedTest
    @CsvSource({
        "'', 02CC5D05, 6E122804, 36B78AE7",
        "a, 550D7456, F5E75ACC, 9E1633E4",
        "abc, 32D153FF, 72C45446, A1AE7709",
        "0123456789abcdef, C2C45B69, 3BC4E9C3, 72E8FAF9",
        "Nobody inspects the spammish repetition, E2293B2F, 612AFB5E, C9E89E68"
    })
    void textsUnderThreeSeeds(String text, String seed0, String seed1691, String seedPrime) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        assertEquals(Integer.parseUnsignedInt(seed0, 16), XxHash32.of(bytes, bytes.length, 0));
        assertEquals(Integer.parseUnsignedInt(seed1691, 16), XxHash32.of(bytes, bytes.length, 1691));
        assertEquals(Integer.parseUnsignedInt(seedPrime, 16), XxHash32.of(bytes, bytes.length, 0x9E3779B1));
    }

    /** The bytes 0 to 100: six stripes, a word, a byte. */
    @Test
    void manyStripes() {
        byte[] bytes = new byte[101];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        assertEquals(0x1A20E95B, XxHash32.of(bytes, bytes.length, 0));
        assertEquals(0x96916AEF, XxHash32.of(bytes, bytes.length, 1691));
        assertEquals(0x37B352EE, XxHash32.of(bytes, bytes.length, 0x9E3779B1));
    }

    @Test
    void twoWordsAreEightLittleEndianBytes() {
        for (int[] words : new int[][] {{0, 0}, {1, -1}, {0x01020304, 0x80818283}, {999, 783}}) {
            byte[] bytes = ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(words[0])
                    .putInt(words[1])
                    .array();
            assertEquals(XxHash32.of(bytes, 8, 1692), XxHash32.of(words[0], words[1], 1692));
        }
    }
}
