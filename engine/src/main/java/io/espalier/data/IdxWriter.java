package io.espalier.data;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.DigestOutputStream;
import java.security.MessageDigest;

/** Writes IDX files of unsigned bytes: the inverse of {@link IdxReader}. */
final class IdxWriter {
    private IdxWriter() {}

    static void write(OutputStream out, byte[] values, int... dimensions) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(4 + 4 * dimensions.length);
        header.put(new byte[] {0, 0, 0x08, (byte) dimensions.length});
        for (int dimension : dimensions) {
            header.putInt(dimension);
        }
        out.write(header.array());
        out.write(values);
    }

    static byte[] labelBytes(int[] labels) {
        byte[] bytes = new byte[labels.length];
        for (int i = 0; i < labels.length; i++) {
            bytes[i] = (byte) labels[i];
        }
        return bytes;
    }

    /** The hash that the written file would have. */
    static String sha256(byte[] values, int... dimensions) {
        MessageDigest digest = Hashes.sha256();
        try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            write(out, values, dimensions);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Hashes.hex(digest);
    }
}
