package io.espalier.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyReaderTest {
    @TempDir
    private Path folder;

    /** A file as numpy.save writes it: the header padded with blanks to a multiple of 64 bytes. */
    private static byte[] npy(int version, String type, boolean fortran, String shape, byte... values)
            throws IOException {
        String header = "{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': ("
                + shape + "), }";
        int before = version == 1 ? 10 : 12;
        int padding = 63 - (before + header.length()) % 64;
        header += " ".repeat(padding) + "\n";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x93);
        out.write("NUMPY".getBytes(StandardCharsets.ISO_8859_1));
        out.write(version);
        out.write(0);
        for (int i = 0; i < before - 8; i++) {
            out.write(header.length() >>> (8 * i));
        }
        out.write(header.getBytes(StandardCharsets.ISO_8859_1));
        out.write(values);
        return out.toByteArray();
    }

    private Dataset load(byte[] images, byte[] labels) throws IOException {
        for (String part : new String[] {"train", "test"}) {
            Files.write(folder.resolve(part + "-images.npy"), images);
            Files.write(folder.resolve(part + "-labels.npy"), labels);
        }
        return new DataStore(folder).load(new DataSource.NpyFolder(folder));
    }

    private void complaint(String contains, byte[] images, byte[] labels) {
        DataException e = assertThrows(DataException.class, () -> load(images, labels));
        assertTrue(e.getMessage().contains(contains), e.getMessage());
    }

    @Test
    void bothVersionsAreRead() throws IOException {
        byte[] pixels = {1, 2, 3, 4, 5, 6, 7, (byte) 255};
        for (int version = 1; version <= 3; version++) {
            Dataset dataset = load(
                    npy(version, "|u1", false, "2, 2, 2", pixels),
                    npy(version, "|u1", false, "2,", new byte[] {9, (byte) 200}));
            assertArrayEquals(pixels, dataset.train().pixels());
            assertArrayEquals(new int[] {9, 200}, dataset.test().labels());
            assertEquals(4, dataset.features());
        }
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        byte[] images = npy(1, "|u1", false, "1, 2", (byte) 0, (byte) 1);
        byte[] labels = npy(1, "|u1", false, "1,", (byte) 0);
        load(images, labels);
        for (int length = 0; length < images.length; length++) {
            complaint("train-images.npy", Arrays.copyOf(images, length), labels);
        }
        complaint("the file holds more", Arrays.copyOf(images, images.length + 1), labels);
        complaint("unsigned bytes", npy(1, "<f4", false, "1, 2", (byte) 0), labels);
        complaint("C order", npy(1, "|u1", true, "1, 2", (byte) 0, (byte) 0), labels);
        complaint("impossible size", npy(1, "|u1", false, "99999999999, 2"), labels);
        complaint("more than Espalier can hold", npy(1, "|u1", false, "100000, 100000"), labels);
        complaint("images need two", npy(1, "|u1", false, "1,", (byte) 0), labels);
        complaint("labels need one", images, images);
        complaint("1 images but", images, npy(1, "|u1", false, "2,", (byte) 0, (byte) 1));
        complaint("0 images but", npy(1, "|u1", false, "0, 2"), npy(1, "|u1", false, "0,"));
        Files.delete(folder.resolve("train-labels.npy"));
        DataException e =
                assertThrows(DataException.class, () -> new DataStore(folder).load(new DataSource.NpyFolder(folder)));
        assertTrue(e.getMessage().contains("train-labels.npy does not exist"), e.getMessage());
    }

    @Test
    void whatAHeaderSaysCannotFloodOrSteerATerminal() throws IOException {
        byte[] labels = npy(1, "|u1", false, "1,", (byte) 1);
        String type = "\u001b[2J\n" + "x".repeat(1000);
        DataException e = assertThrows(DataException.class, () -> load(npy(1, type, false, "1, 1", (byte) 1), labels));
        assertTrue(e.getMessage().length() < 600, e.getMessage());
        assertTrue(e.getMessage().chars().noneMatch(Character::isISOControl), e.getMessage());
    }

    @Test
    void imagesWithoutPixelsAreRefused() throws IOException {
        complaint("holds no images", npy(1, "|u1", false, "1, 0"), npy(1, "|u1", false, "1,", (byte) 1));
    }
}
