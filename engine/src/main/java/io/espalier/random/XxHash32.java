package io.espalier.random;

/**
 * xxHash32 of a few bytes: 32 bits that look random, as a pure function of a seed and a key.
 *
 * <p>Source: Collet, "xxHash fast digest algorithm", specification 0.2.0, section XXH32.
 */
public final class XxHash32 {
    private static final int PRIME_1 = 0x9E3779B1;
    private static final int PRIME_2 = 0x85EBCA77;
    private static final int PRIME_3 = 0xC2B2AE3D;
    private static final int PRIME_4 = 0x27D4EB2F;
    private static final int PRIME_5 = 0x165667B1;
    private static final int STRIPE = 16;

    private XxHash32() {}

    /** The hash of the first {@code length} bytes. */
    public static int of(byte[] bytes, int length, int seed) {
        int at = 0;
        int hash = seed + PRIME_5;
        if (length >= STRIPE) {
            int lane1 = seed + PRIME_1 + PRIME_2;
            int lane2 = seed + PRIME_2;
            int lane3 = seed;
            int lane4 = seed - PRIME_1;
            for (; at <= length - STRIPE; at += STRIPE) {
                lane1 = round(lane1, word(bytes, at));
                lane2 = round(lane2, word(bytes, at + 4));
                lane3 = round(lane3, word(bytes, at + 8));
                lane4 = round(lane4, word(bytes, at + 12));
            }
            hash = Integer.rotateLeft(lane1, 1)
                    + Integer.rotateLeft(lane2, 7)
                    + Integer.rotateLeft(lane3, 12)
                    + Integer.rotateLeft(lane4, 18);
        }
        hash += length;
        for (; at <= length - 4; at += 4) {
            hash = withWord(hash, word(bytes, at));
        }
        for (; at < length; at++) {
            hash = Integer.rotateLeft(hash + (bytes[at] & 0xFF) * PRIME_5, 11) * PRIME_1;
        }
        return finished(hash);
    }

    /** The hash of two little-endian 32-bit words, 8 bytes. */
    public static int of(int first, int second, int seed) {
        return finished(withWord(withWord(seed + PRIME_5 + 2 * Integer.BYTES, first), second));
    }

    private static int round(int lane, int word) {
        return Integer.rotateLeft(lane + word * PRIME_2, 13) * PRIME_1;
    }

    private static int withWord(int hash, int word) {
        return Integer.rotateLeft(hash + word * PRIME_3, 17) * PRIME_4;
    }

    private static int finished(int hash) {
        hash = (hash ^ hash >>> 15) * PRIME_2;
        hash = (hash ^ hash >>> 13) * PRIME_3;
        return hash ^ hash >>> 16;
    }

    private static int word(byte[] bytes, int at) {
        return bytes[at] & 0xFF | (bytes[at + 1] & 0xFF) << 8 | (bytes[at + 2] & 0xFF) << 16 | bytes[at + 3] << 24;
    }
}
