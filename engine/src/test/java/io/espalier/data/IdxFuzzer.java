package io.espalier.data;

import io.espalier.BoundedParse;

/** IDX, plain, as images and as labels. */
public final class IdxFuzzer {
    private IdxFuzzer() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        BoundedParse.file(bytes, 16, file -> IdxReader.examples(file, file));
        BoundedParse.file(bytes, 16, IdxReader::read);
    }
}
