package io.espalier.data;

import io.espalier.BoundedParse;

/** NPY, as images and as labels. */
public final class NpyFuzzer {
    private NpyFuzzer() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        BoundedParse.file(bytes, 64, file -> NpyReader.examples(file, file));
    }
}
