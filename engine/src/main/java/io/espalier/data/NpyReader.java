package io.espalier.data;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads NumPy's NPY files of unsigned bytes in C order, as {@code numpy.save} writes them from a {@code uint8} array.
 *
 * <p>Format: the bytes 93 and {@code NUMPY}, major and minor version, the length of the header (two bytes in version 1, four from
 * version 2 on, little-endian), the header as a Python literal with {@code descr}, {@code fortran_order} and {@code shape}, the
 * values (NumPy Enhancement Proposal 1). Memory is bounded by what the file really holds, whatever its header promises.
 */
final class NpyReader {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int MAX_HEADER = 1 << 16;
    private static final int MAX_QUOTED = 200;
    private static final int CHUNK = 1 << 16;
    private static final Pattern SHAPE = Pattern.compile("'shape' *: *\\(([0-9, ]*)\\)");

    private NpyReader() {}

    /** Reads images (count, ...) and labels (count); the hash of the result is that of the two files. */
    static Examples examples(Path images, Path labels) {
        MessageDigest imageDigest = Hashes.sha256();
        MessageDigest labelDigest = Hashes.sha256();
        Array pixels = read(images, imageDigest);
        Array classes = read(labels, labelDigest);
        if (pixels.shape.length < 2) {
            throw new DataException(images + " has " + pixels.shape.length + " dimensions, images need two or more.");
        }
        if (classes.shape.length != 1) {
            throw new DataException(labels + " has " + classes.shape.length + " dimensions, labels need one.");
        }
        int count = pixels.shape[0];
        if (count == 0 || classes.values.length != count) {
            throw new DataException(images + " holds " + count + " images but " + labels + " holds "
                    + classes.values.length + " labels.");
        }
        if (pixels.values.length == 0) {
            throw new DataException(images + " holds no images: its shape is " + Arrays.toString(pixels.shape) + ".");
        }
        int[] unsigned = new int[count];
        Arrays.setAll(unsigned, i -> classes.values[i] & 0xFF);
        return new Examples(
                labels.toString(),
                pixels.values.length / count,
                pixels.values,
                unsigned,
                Hashes.hex(imageDigest) + Hashes.hex(labelDigest));
    }

    private record Array(int[] shape, byte[] values) {}

    private static Array read(Path file, MessageDigest digest) {
        try (InputStream in = new DigestInputStream(IdxReader.unpacked(file), digest)) {
            int[] shape = shape(file, in);
            long size = 1;
            for (int length : shape) {
                size = Math.multiplyExact(size, length);
            }
            if (size > Integer.MAX_VALUE - 8) {
                throw new DataException(file + " holds more than Espalier can hold in one array.");
            }
            ByteArrayOutputStream values = new ByteArrayOutputStream(CHUNK);
            for (byte[] chunk = in.readNBytes(CHUNK); chunk.length > 0; chunk = in.readNBytes(CHUNK)) {
                values.write(chunk);
                if (values.size() > size) {
                    break;
                }
            }
            if (values.size() != size) {
                throw new DataException(file + ": its header promises " + size + " bytes of data, the file holds "
                        + (values.size() > size ? "more." : values.size() + "."));
            }
            return new Array(shape, values.toByteArray());
        } catch (NoSuchFileException e) {
            throw new DataException(file + " does not exist.", e);
        } catch (ArithmeticException | NumberFormatException e) {
            throw new DataException(file + ": its header promises an impossible size.", e);
        } catch (EOFException e) {
            throw new DataException(file + " ends too early.", e);
        } catch (IOException e) {
            throw new DataException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static int[] shape(Path file, InputStream in) throws IOException {
        byte[] start = in.readNBytes(MAGIC.length + 2);
        if (start.length < MAGIC.length + 2 || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new DataException(file + " is not an NPY file. Write it with numpy.save.");
        }
        byte[] length = in.readNBytes(start[MAGIC.length] == 1 ? 2 : 4);
        int bytes = 0;
        for (int i = length.length - 1; i >= 0; i--) {
            bytes = (bytes << 8) | (length[i] & 0xFF);
        }
        if (bytes < 0 || bytes > MAX_HEADER) {
            throw new DataException(file + " has a header of impossible length. Write it again with numpy.save.");
        }
        String header = new String(in.readNBytes(bytes), StandardCharsets.ISO_8859_1);
        Matcher shape = SHAPE.matcher(header);
        if (!header.contains("'|u1'") || !header.contains("'fortran_order': False") || !shape.find()) {
            throw new DataException(file + " is not an array of unsigned bytes in C order: its header says "
                    + header.strip()
                            .substring(0, Math.min(MAX_QUOTED, header.strip().length()))
                    + ". Write it with numpy.save(file, numpy.ascontiguousarray(a, dtype=numpy.uint8)).");
        }
        return Arrays.stream(shape.group(1).split(","))
                .map(String::strip)
                .filter(number -> !number.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray();
    }
}
