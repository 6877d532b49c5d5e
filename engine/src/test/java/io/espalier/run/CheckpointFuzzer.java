package io.espalier.run;

import io.espalier.BoundedParse;
import io.espalier.data.Hashes;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** What a checkpoint holds, under the checksum that belongs to it: without that nothing but the checksum would be tried. */
public final class CheckpointFuzzer {
    private CheckpointFuzzer() {}

    public static void fuzzerTestOneInput(byte[] body) {
        MessageDigest digest = Hashes.sha256();
        byte[] file = ByteBuffer.allocate(digest.getDigestLength() + body.length)
                .put(digest.digest(body))
                .put(body)
                .array();
        BoundedParse.check(file, 256, () -> CheckpointFile.parse(ToyStudy.NETWORK, file, "fuzzed"));
        BoundedParse.check(body, 256, () -> CheckpointFile.parse(ToyStudy.NETWORK, body, "fuzzed"));
    }
}
