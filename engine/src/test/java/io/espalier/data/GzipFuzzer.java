package io.espalier.data;

import io.espalier.BoundedParse;

/** Gzipped IDX. */
public final class GzipFuzzer {
    /** Deflate makes at most 1032 bytes of one. */
    static final int BYTES_PER_BYTE = 8 * 1032;

    private GzipFuzzer() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        byte[] gzipped = bytes.clone();
        if (gzipped.length >= 2) {
            gzipped[0] = 0x1F;
            gzipped[1] = (byte) 0x8B;
        }
        BoundedParse.file(gzipped, BYTES_PER_BYTE, IdxReader::read);
    }
}
