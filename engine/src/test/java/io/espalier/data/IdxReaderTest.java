package io.espalier.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxReaderTest {
    private static final byte[] PIXELS = {1, 2, 3, 4, 5, 6, 7, (byte) 255};

    @TempDir
    private Path folder;

    private static byte[] idx(byte[] values, int... dimensions) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        IdxWriter.write(out, values, dimensions);
        return out.toByteArray();
    }

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private Examples examples(byte[] images, byte[] labels) throws IOException {
        return IdxReader.examples(file("images", images), file("labels", labels));
    }

    private String complaint(byte[] images) {
        DataException e = assertThrows(DataException.class, () -> examples(images, idx(new byte[] {0, 1}, 2)));
        assertTrue(e.getMessage().contains("images"), e.getMessage());
        assertTrue(e.getMessage().split("\\. ").length <= 2, "at most two sentences: " + e.getMessage());
        return e.getMessage();
    }

    @Test
    void readsPlainAndGzipped() throws IOException {
        byte[] plain = idx(PIXELS, 2, 2, 2);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        }
        byte[] labels = idx(new byte[] {1, (byte) 200}, 2);
        Examples a = examples(plain, labels);
        Examples b = examples(packed.toByteArray(), labels);
        assertArrayEquals(PIXELS, a.pixels());
        assertArrayEquals(new int[] {1, 200}, a.labels());
        assertEquals(4, a.features());
        assertArrayEquals(a.pixels(), b.pixels());
        assertEquals(a.sha256(), b.sha256(), "the hash is of the unpacked bytes");
    }

    @Test
    void truncatedAtEveryLength() throws IOException {
        byte[] whole = idx(PIXELS, 2, 2, 2);
        for (int length = 0; length < whole.length; length++) {
            complaint(Arrays.copyOf(whole, length));
        }
    }

    @Test
    void truncatedGzip() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(idx(PIXELS, 2, 2, 2));
        }
        complaint(Arrays.copyOf(packed.toByteArray(), packed.size() - 5));
    }

    @Test
    void headerThatPromisesMoreThanTheFileHolds() {
        // Two gigabytes promised, eight bytes there: must be refused without asking for two gigabytes.
        byte[] lie = ByteBuffer.allocate(24)
                .putInt(0x00000803)
                .putInt(2)
                .putInt(32_000)
                .putInt(32_000)
                .array();
        assertTrue(complaint(lie).contains("promises 2048000000 bytes of data, the file holds 8"));
        byte[] overflow = ByteBuffer.allocate(24)
                .putInt(0x00000803)
                .putInt(Integer.MAX_VALUE)
                .putInt(Integer.MAX_VALUE)
                .putInt(Integer.MAX_VALUE)
                .array();
        complaint(overflow);
        byte[] negative = ByteBuffer.allocate(24).putInt(0x00000803).putInt(-2).array();
        complaint(negative);
    }

    @Test
    void fileThatGoesOnAfterItsData() throws IOException {
        byte[] whole = idx(PIXELS, 2, 2, 2);
        complaint(Arrays.copyOf(whole, whole.length + 1));
    }

    @Test
    void otherFiles() throws IOException {
        complaint("<!DOCTYPE html>".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        byte[] floats = idx(PIXELS, 2, 2, 2);
        floats[2] = 0x0D;
        complaint(floats);
        complaint(idx(new byte[0], 0, 2, 2));
    }

    @Test
    void imagesAndLabelsMustMatch() throws IOException {
        assertThrows(DataException.class, () -> examples(idx(PIXELS, 2, 2, 2), idx(new byte[] {1}, 1)));
        assertThrows(DataException.class, () -> examples(idx(PIXELS, 8), idx(new byte[] {1, 2}, 2)));
        assertThrows(DataException.class, () -> examples(idx(PIXELS, 2, 2, 2), idx(new byte[] {1, 2}, 2, 1)));
    }

    @Test
    void missingFileIsNamed() {
        DataException e = assertThrows(
                DataException.class, () -> IdxReader.examples(folder.resolve("gone"), folder.resolve("gone")));
        assertTrue(e.getMessage().contains("gone does not exist"), e.getMessage());
    }

    @Test
    void labelsOutOfRangeAreRefused() throws IOException {
        Examples train = examples(idx(PIXELS, 2, 2, 2), idx(new byte[] {1, 9}, 2));
        Dataset dataset = new Dataset("mine", train, train);
        dataset.requireFits(4, 10);
        DataException e = assertThrows(DataException.class, () -> dataset.requireFits(4, 9));
        assertTrue(e.getMessage().contains("label 9 of example 1 is out of range 0..8"), e.getMessage());
        assertThrows(DataException.class, () -> dataset.requireFits(5, 10));
    }

    @Test
    void imagesWithoutPixelsAreRefused() throws IOException {
        assertTrue(complaint(idx(new byte[0], 2, 0, 5)).contains("holds no images"));
    }
}
