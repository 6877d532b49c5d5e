package io.espalier.data;

import io.espalier.BoundedParse;

/** AMAT text. */
public final class AmatFuzzer {
    /** An array of eight bytes doubles for each number, which has two bytes at least; text and its complaint. */
    private static final int BYTES_PER_BYTE = 64;

    private AmatFuzzer() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        BoundedParse.file(bytes, BYTES_PER_BYTE, AmatReader::examples);
    }
}
