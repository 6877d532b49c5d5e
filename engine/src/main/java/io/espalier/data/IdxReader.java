package io.espalier.data;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads IDX files of unsigned bytes, plain or gzipped (told by content, not by name).
 *
 * <p>Format: two zero bytes, type 0x08, number of dimensions, each dimension as a big-endian 32-bit number, the bytes
 * row-major (LeCun, "The MNIST database"). Memory is bounded by what the file really holds, whatever its header promises.
 */
public final class IdxReader {
    private static final int UNSIGNED_BYTE = 0x08;
    private static final int CHUNK = 1 << 16;

    private IdxReader() {}

    /** An array of bytes with its dimensions and the SHA-256 of the unpacked file. */
    record Array(int[] dimensions, byte[] values, String sha256) {}

    /** Reads an image file and its label file. */
    public static Examples examples(Path images, Path labels) {
        Array pixels = read(images);
        if (pixels.dimensions.length < 2) {
            throw new DataException(images + " has one dimension, images need two or more. Is it a label file?");
        }
        Array classes = read(labels);
        if (classes.dimensions.length != 1) {
            throw new DataException(labels + " has " + classes.dimensions.length
                    + " dimensions, labels need one. Is it an image file?");
        }
        int count = pixels.dimensions[0];
        if (classes.values.length != count) {
            throw new DataException(images + " holds " + count + " images but " + labels + " holds "
                    + classes.values.length + " labels. Both files must come from the same set.");
        }
        if (pixels.values.length == 0) {
            throw new DataException(images + " holds no images. Get the file again.");
        }
        int[] unsigned = new int[count];
        Arrays.setAll(unsigned, i -> classes.values[i] & 0xFF);
        return new Examples(
                labels.toString(),
                pixels.values.length / count,
                pixels.values,
                unsigned,
                pixels.sha256 + classes.sha256);
    }

    static Array read(Path file) {
        MessageDigest digest = Hashes.sha256();
        try (InputStream in = new DigestInputStream(unpacked(file), digest)) {
            int[] dimensions = header(file, in);
            long size = 1;
            for (int dimension : dimensions) {
                size = Math.multiplyExact(size, dimension);
            }
            if (size > Integer.MAX_VALUE - 8) {
                throw new DataException(
                        file + ": its header promises " + size
                                + " bytes, more than Espalier can hold in one array. The header is damaged or the set too large.");
            }
            byte[] values = body(file, in, (int) size);
            if (in.read() >= 0) {
                throw new DataException(
                        file + " goes on after the " + size + " bytes that its header promises. Get the file again.");
            }
            return new Array(dimensions, values, Hashes.hex(digest));
        } catch (EOFException | ZipException e) {
            throw new DataException(file + " ends too early or its compression is damaged. Get the file again.", e);
        } catch (NoSuchFileException e) {
            throw new DataException(file + " does not exist.", e);
        } catch (ArithmeticException e) {
            throw new DataException(file + ": its header promises an impossible size. Get the file again.", e);
        } catch (IOException e) {
            throw new DataException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    static InputStream unpacked(Path file) throws IOException {
        BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file), CHUNK);
        in.mark(2);
        int first = in.read();
        int second = in.read();
        in.reset();
        return first == 0x1F && second == 0x8B ? new GZIPInputStream(in, CHUNK) : in;
    }

    private static int[] header(Path file, InputStream in) throws IOException {
        byte[] magic = in.readNBytes(4);
        if (magic.length < 4 || magic[0] != 0 || magic[1] != 0 || magic[2] != UNSIGNED_BYTE || magic[3] < 1) {
            throw new DataException(
                    file + " is not an IDX file of unsigned bytes: it should start with 00 00 08 and the "
                            + "number of dimensions. Get the file again.");
        }
        int[] dimensions = new int[magic[3]];
        byte[] sizes = in.readNBytes(4 * dimensions.length);
        if (sizes.length < 4 * dimensions.length) {
            throw new EOFException();
        }
        ByteBuffer buffer = ByteBuffer.wrap(sizes);
        for (int i = 0; i < dimensions.length; i++) {
            dimensions[i] = buffer.getInt();
            if (dimensions[i] < 0) {
                throw new DataException(file + ": its header gives a negative dimension. Get the file again.");
            }
        }
        return dimensions;
    }

    /** Reads in chunks, so that a header that lies costs no more memory than the file has bytes. */
    private static byte[] body(Path file, InputStream in, int size) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream(Math.min(size, CHUNK));
        while (read.size() < size) {
            byte[] chunk = in.readNBytes(Math.min(CHUNK, size - read.size()));
            if (chunk.length == 0) {
                throw new DataException(file + ": its header promises " + size + " bytes of data, the file holds "
                        + read.size() + ". Get the file again.");
            }
            read.write(chunk);
        }
        return read.toByteArray();
    }
}
