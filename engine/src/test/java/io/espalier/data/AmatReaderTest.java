package io.espalier.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AmatReaderTest {
    @TempDir
    private Path folder;

    private Examples read(String text) throws IOException {
        return AmatReader.examples(Files.writeString(folder.resolve("x_train.amat"), text));
    }

    private String complaint(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("x_train.amat"), text, StandardCharsets.ISO_8859_1);
        DataException e = assertThrows(DataException.class, () -> AmatReader.examples(file));
        assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        assertTrue(e.getMessage().split("\\. ").length <= 2, "at most two sentences: " + e.getMessage());
        return e.getMessage();
    }

    private static String written(byte[] pixels, int features, int[] labels, String format, double levels) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < labels.length; i++) {
            for (int p = 0; p < features; p++) {
                text.append(String.format(Locale.ROOT, format, (pixels[i * features + p] & 0xFF) / levels));
                text.append(' ');
            }
            text.append(labels[i]).append('\n');
        }
        return text.toString();
    }

    @Test
    void everyByteComesBack() throws IOException {
        byte[] pixels = new byte[256];
        for (int i = 0; i < 256; i++) {
            pixels[i] = (byte) i;
        }
        int[] labels = {0, 9, 1, 255};
        for (String format : new String[] {"%.4f", "%.8f", "%.20f", "%e", "   %.7e"}) {
            Examples examples = read(written(pixels, 64, labels, format, 255));
            assertArrayEquals(pixels, examples.pixels(), format);
            assertArrayEquals(labels, examples.labels());
            assertEquals(64, examples.features());
        }
    }

    @Test
    void multiplesOf256thsLoseOnePair() throws IOException {
        byte[] pixels = new byte[256];
        for (int i = 0; i < 256; i++) {
            pixels[i] = (byte) i;
        }
        byte[] read = read(written(pixels, 256, new int[] {3}, "%.8f", 256)).pixels();
        for (int i = 1; i < 256; i++) {
            assertEquals(i == 129 ? 0 : 1, (read[i] & 0xFF) - (read[i - 1] & 0xFF), "level " + i);
        }
    }

    @Test
    void blanksCommentsAndEndings() throws IOException {
        Examples examples = read("#size: 2 3\n#: a b label\n\n  0\t1.0  7.0 \r\n1 .5 2");
        assertArrayEquals(new byte[] {0, (byte) 255, (byte) 255, (byte) 128}, examples.pixels());
        assertArrayEquals(new int[] {7, 2}, examples.labels());
    }

    @Test
    void gzippedAndHashedUnpacked() throws IOException {
        String text = "0.25 0.5 1\n";
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        Path file = Files.write(folder.resolve("p_train.amat.gz"), packed.toByteArray());
        assertEquals(read(text).sha256(), AmatReader.examples(file).sha256());
        assertEquals(Hashes.sha256(text), AmatReader.examples(file).sha256());
        Files.write(file, Arrays.copyOf(packed.toByteArray(), packed.size() - 5));
        DataException e = assertThrows(DataException.class, () -> AmatReader.examples(file));
        assertTrue(e.getMessage().contains("ends too early"), e.getMessage());
    }

    @Test
    void badInputNamesFileAndLine() throws IOException {
        assertTrue(complaint("0 1 2\n\n0 1\n").contains("line 3: it has 2 numbers, the lines before it 3"));
        assertTrue(complaint("0 1 2\n0 1 1 2\n").contains("line 2: it has 4 numbers"));
        assertTrue(complaint("5\n").contains("line 1: it has 1 numbers"));
        assertTrue(complaint("0 1.01 2\n").contains("line 1: value 1.01 in column 2 is outside 0..1"));
        assertTrue(complaint("0 1 2\n-0.1 1 2\n").contains("line 2: value -0.1 in column 1"));
        assertTrue(complaint("0 255 2\n").contains("Divide"));
        assertTrue(complaint("0 x1 2\n").contains("line 1: `x1` is no number"));
        for (String number : new String[] {"NaN", "Infinity", "0x1p0", "1f", ".", "1..2", "+", "1e", "\u00e9"}) {
            assertTrue(complaint("0 " + number + " 2\n").contains("is no number"), number);
        }
        assertTrue(complaint("0 1 2.5\n").contains("its last number, 2.5, is not a label"));
        assertTrue(complaint("0 1 256\n").contains("is not a label"));
        assertTrue(complaint("0 1 -1\n").contains("is not a label"));
        assertTrue(complaint("").contains("holds no examples"));
        assertTrue(complaint("# only a comment\n").contains("holds no examples"));
        assertTrue(complaint("1".repeat(1000)).contains("is no number"));
        assertTrue(complaint("0 1\0 2\n").contains("control character"));
        assertTrue(complaint("0 ".repeat(70_000)).contains("more than 65536 numbers"));
        DataException e = assertThrows(DataException.class, () -> AmatReader.examples(folder.resolve("gone.amat")));
        assertTrue(e.getMessage().contains("gone.amat does not exist"), e.getMessage());
    }

    @Test
    void theTwoFilesOfAFolder() throws IOException {
        DataStore store = new DataStore(folder.resolve("data"));
        DataSource own = new DataSource.AmatFolder(folder);
        complains(store, own, "has no AMAT files");
        Files.writeString(folder.resolve("mnist_all_rotation_normalized_float_train_valid.amat"), "0 1 2\n1 1 3\n");
        complains(store, own, "needs one file whose name ends in test.amat, it has none");
        Files.createDirectory(folder.resolve("50k"));
        Files.writeString(folder.resolve("50k/convex_test.amat"), "0 0 1\n");
        Dataset dataset = store.load(own);
        assertEquals(2, dataset.train().count());
        assertEquals(1, dataset.test().count());
        Files.writeString(folder.resolve("convex_test.amat"), "0 0 1\n");
        complains(store, own, "it has 2: ");
    }

    private static void complains(DataStore store, DataSource source, String what) {
        DataException e = assertThrows(DataException.class, () -> store.load(source));
        assertTrue(e.getMessage().contains(what), e.getMessage());
    }

    @Test
    void publishedFilesInTheDataDirectoryComeFirst() throws IOException {
        DataStore store = new DataStore(folder);
        Path place = Files.createDirectories(store.path(Catalog.RECTANGLES));
        String line = "0 ".repeat(783) + "1 ";
        repeated(place.resolve("rectangles_train.amat.gz"), line + "0\n", 1_200);
        assertEquals("half: two .amat files are needed", store.state(Catalog.RECTANGLES));
        DataSource named = new DataSource.Named(Catalog.RECTANGLES);
        complains(store, named, "test.amat");
        repeated(place.resolve("rectangles_test.amat.gz"), line + "1\n", 1_200);
        complains(store, named, "holds 1200 examples, the published file 50000");
        repeated(place.resolve("rectangles_test.amat.gz"), line + "1\n", 50_000);
        Dataset dataset = store.load(named);
        assertEquals("rectangles (original files)", dataset.name());
        assertEquals("yes, original files", store.state(Catalog.RECTANGLES));
        assertEquals(784, dataset.features());
        assertEquals((byte) 255, dataset.train().pixels()[783]);
    }

    private static void repeated(Path file, String line, int times) throws IOException {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file), 1 << 16)) {
            for (int i = 0; i < times; i++) {
                out.write(bytes);
            }
        }
    }

    @Test
    void sidewaysImagesAreTurnedUpright() {
        Examples stored = new Examples("x", 4, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, new int[2], "hash");
        assertArrayEquals(
                new byte[] {1, 3, 2, 4, 5, 7, 6, 8}, stored.transposed().pixels());
        assertEquals("hash", stored.transposed().sha256());
        Examples oblong = new Examples("x", 3, new byte[3], new int[1], "hash");
        assertThrows(DataException.class, oblong::transposed);
    }
}
