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
import java.util.zip.ZipException;

/**
 * Reads AMAT files, plain or gzipped: text, an example a line, its values in 0 .. 1 and then its label, all separated by blanks;
 * empty lines and lines that start with {@code #} are passed over. The form in which Larochelle et al. (ICML 2007) published
 * their sets.
 *
 * <p>A value x becomes the byte round(255 x), and a network sees that byte / 255: off by at most 1/510. Multiples of 1/255 with
 * four decimals or more come back exactly. Multiples of 1/256 keep their order and their distinctness but for one pair: 128/256
 * and 129/256 become the same byte.
 */
final class AmatReader {
    private static final int CHUNK = 1 << 16;
    private static final int MAX_COLUMNS = 1 << 16;
    private static final int MAX_NUMBER = 64;

    /** Whole numbers below 2^53 over powers of ten up to 10^22 are both exact, so that their quotient is correctly rounded. */
    private static final int EXACT_DIGITS = 15;

    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    private final Path file;
    private final InputStream in;
    private final byte[] buffer = new byte[CHUNK];
    private int position;
    private int limit;

    private int line = 1;
    private final byte[] number = new byte[MAX_NUMBER];
    private double[] values = new double[1024];

    private AmatReader(Path file, InputStream in) {
        this.file = file;
        this.in = in;
    }

    /** Reads a file; the hash of the result is that of the unpacked file. */
    static Examples examples(Path file) {
        MessageDigest digest = Hashes.sha256();
        try (InputStream in = new DigestInputStream(IdxReader.unpacked(file), digest)) {
            return new AmatReader(file, in).read(digest);
        } catch (EOFException | ZipException e) {
            throw new DataException(file + " ends too early or its compression is damaged. Get the file again.", e);
        } catch (NoSuchFileException e) {
            throw new DataException(file + " does not exist.", e);
        } catch (IOException e) {
            throw new DataException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private Examples read(MessageDigest digest) throws IOException {
        ByteArrayOutputStream pixels = new ByteArrayOutputStream(CHUNK);
        ByteArrayOutputStream labels = new ByteArrayOutputStream();
        byte[] row = null;
        for (int columns = columns(); columns >= 0; columns = columns()) {
            if (columns > 0) {
                if (row == null) {
                    row = new byte[columns - 1];
                }
                if (columns != row.length + 1 || columns < 2) {
                    throw complaint("it has " + columns + " numbers, "
                            + (columns < 2
                                    ? "a line needs values and a label"
                                    : "the lines before it " + (row.length + 1))
                            + ". Get the file again.");
                }
                for (int i = 0; i < row.length; i++) {
                    row[i] = pixel(i);
                }
                if ((long) pixels.size() + row.length > Integer.MAX_VALUE - 8) {
                    throw complaint("the file holds more than Espalier can hold in one array.");
                }
                pixels.write(row);
                labels.write(label(row.length));
            }
            line++;
        }
        if (row == null) {
            throw new DataException(file + " holds no examples. Get the file again.");
        }
        byte[] classes = labels.toByteArray();
        int[] unsigned = new int[classes.length];
        Arrays.setAll(unsigned, i -> classes[i] & 0xFF);
        return new Examples(file.toString(), row.length, pixels.toByteArray(), unsigned, Hashes.hex(digest));
    }

    private byte pixel(int column) {
        double value = values[column];
        if (!(value >= 0 && value <= 1)) {
            throw complaint("value " + value + " in column " + (column + 1) + " is outside 0..1. Divide the values by "
                    + "their largest possible one.");
        }
        return (byte) (int) (255 * value + 0.5);
    }

    private int label(int column) {
        double value = values[column];
        if (!(value >= 0 && value <= 255) || value != Math.rint(value)) {
            throw complaint("its last number, " + value + ", is not a label: labels are whole numbers from 0 to 255.");
        }
        return (int) value;
    }

    /** Reads a line into {@link #values}; returns how many numbers it has, or -1 at the end of the file. */
    private int columns() throws IOException {
        int next = next();
        if (next < 0) {
            return -1;
        }
        if (next == '#') {
            while (next >= 0 && next != '\n') {
                next = next();
            }
            return 0;
        }
        int count = 0;
        while (next >= 0 && next != '\n') {
            if (next == ' ' || next == '\t' || next == '\r') {
                next = next();
                continue;
            }
            int length = 0;
            while (next > ' ') {
                if (length == MAX_NUMBER) {
                    throw complaint("`" + text(length) + "...` is no number. Is it an AMAT file?");
                }
                number[length++] = (byte) next;
                next = next();
            }
            if (length == 0) {
                throw complaint("it has a control character. Is it an AMAT file?");
            }
            if (count == MAX_COLUMNS) {
                throw complaint("it has more than " + MAX_COLUMNS + " numbers. Is it an AMAT file?");
            }
            if (count == values.length) {
                values = Arrays.copyOf(values, 2 * count);
            }
            values[count++] = parsed(length);
        }
        return count;
    }

    private int next() throws IOException {
        if (position == limit) {
            limit = Math.max(0, in.read(buffer));
            position = 0;
            if (limit == 0) {
                return -1;
            }
        }
        return buffer[position++] & 0xFF;
    }

    /** The number in the first bytes of {@link #number}, correctly rounded. */
    private double parsed(int length) {
        long digits = 0;
        int scale = 0;
        int point = 0;
        if (length > EXACT_DIGITS + 1) {
            return general(length);
        }
        for (int i = 0; i < length; i++) {
            int character = number[i];
            if (character >= '0' && character <= '9') {
                digits = 10 * digits + (character - '0');
                scale += point;
            } else if (character == '.' && point == 0) {
                point = 1;
            } else {
                return general(length);
            }
        }
        return length > point ? digits / POWERS_OF_TEN[scale] : general(length);
    }

    private double general(int length) {
        String text = text(length);
        // The pattern first: parseDouble also takes hexadecimal numbers, NaN and type letters.
        if (!text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?")) {
            throw complaint("`" + text + "` is no number. Is it an AMAT file?");
        }
        return Double.parseDouble(text);
    }

    private String text(int length) {
        return new String(number, 0, length, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", "?");
    }

    private DataException complaint(String what) {
        return new DataException(file + ", line " + line + ": " + what);
    }
}
