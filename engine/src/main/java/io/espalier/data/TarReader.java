package io.espalier.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Reads the files of a tar archive one after the other (POSIX ustar: headers and contents in blocks of 512 bytes). */
final class TarReader {
    private static final int BLOCK = 512;
    private static final int NAME_BYTES = 100;
    private static final int SIZE_AT = 124;
    private static final int SIZE_BYTES = 12;
    private static final int TYPE_AT = 156;
    private static final int CHUNK = 1 << 16;

    private final InputStream in;

    /** Bytes before the next header, padding included. */
    private long ahead;

    private long size;

    TarReader(InputStream in) {
        this.in = in;
    }

    /** Goes to the next file and returns its name without folders, or null at the end of the archive. */
    String next() throws IOException {
        while (true) {
            in.skipNBytes(ahead);
            byte[] header = in.readNBytes(BLOCK);
            if (header.length == 0 || header[0] == 0) {
                return null;
            }
            if (header.length < BLOCK) {
                throw new EOFException("ends within a header");
            }
            size = size(header);
            ahead = (size + BLOCK - 1) / BLOCK * BLOCK;
            if (header[TYPE_AT] == '0' || header[TYPE_AT] == 0) {
                String path = text(header, 0, NAME_BYTES);
                return path.substring(path.lastIndexOf('/') + 1);
            }
        }
    }

    private static long size(byte[] header) throws IOException {
        String octal = text(header, SIZE_AT, SIZE_BYTES).strip();
        try {
            return Long.parseUnsignedLong(octal, 8);
        } catch (NumberFormatException e) {
            throw new IOException("has a header whose size is no number", e);
        }
    }

    private static String text(byte[] header, int from, int most) {
        int length = 0;
        while (length < most && header[from + length] != 0) {
            length++;
        }
        return new String(header, from, length, StandardCharsets.US_ASCII);
    }

    /** Copies the contents of the file that {@link #next} has come to; once. */
    void copyTo(OutputStream out) throws IOException {
        long left = size;
        while (left > 0) {
            byte[] chunk = in.readNBytes((int) Math.min(CHUNK, left));
            if (chunk.length == 0) {
                throw new EOFException("ends within a file");
            }
            out.write(chunk);
            left -= chunk.length;
        }
        ahead -= size;
    }
}
