package io.espalier.data;

import io.espalier.BoundedParse;
import java.util.List;

/** CIFAR-10's binary records, plain or gzipped, as two files of one part. */
public final class CifarFuzzer {
    private CifarFuzzer() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        boolean gzipped = bytes.length >= 2 && bytes[0] == 0x1F && bytes[1] == (byte) 0x8B;
        BoundedParse.file(
                bytes, gzipped ? GzipFuzzer.BYTES_PER_BYTE : 16, file -> CifarReader.examples(List.of(file, file))
                        .requireLabelsBelow(10));
    }
}
