package io.espalier.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarReaderTest {
    private static final int RECORD = 3073;
    private static final DataSource SOURCE = new DataSource.Named(Catalog.CIFAR_10);

    @TempDir
    Path directory;

    private Path folder;

    /** Two records a file, all pixels of a record the same; the last file of the training part is gzipped. */
    @BeforeEach
    void write() throws IOException {
        folder = Files.createDirectories(directory.resolve("cifar-10"));
        for (int batch = 1; batch <= 4; batch++) {
            Files.write(folder.resolve("data_batch_" + batch + ".bin"), records(2 * batch, 2 * batch + 1));
        }
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("data_batch_5.bin.gz")))) {
            out.write(records(0, 1));
        }
        Files.write(folder.resolve("test_batch.bin"), records(7));
    }

    private static byte[] records(int... labels) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int label : labels) {
            byte[] record = new byte[RECORD];
            Arrays.fill(record, 1, 1 + 1024, (byte) (20 * label));
            Arrays.fill(record, 1 + 1024, 1 + 2048, (byte) 200);
            Arrays.fill(record, 1 + 2048, RECORD, (byte) (label % 2 == 0 ? 0 : 255));
            record[0] = (byte) label;
            bytes.writeBytes(record);
        }
        return bytes.toByteArray();
    }

    @Test
    void filesAreReadInOrder() {
        DataStore store = new DataStore(directory);
        assertTrue(store.isPresent(Catalog.CIFAR_10));
        Dataset dataset = store.load(SOURCE);
        assertArrayEquals(
                new int[] {2, 3, 4, 5, 6, 7, 8, 9, 0, 1}, dataset.train().labels());
        assertEquals(3, dataset.train().channels());
        assertEquals(32, dataset.train().width());
        assertEquals(40, dataset.train().pixels()[0], "red of class 2");
        assertEquals((byte) 200, dataset.train().pixels()[1024], "then green");
        assertEquals((byte) 255, dataset.train().pixels()[3072 + 2048], "then blue, of class 3");
        assertArrayEquals(new int[] {7}, dataset.test().labels());
        assertEquals(5 * 64, dataset.train().sha256().length(), "a hash of each file");
    }

    @Test
    void meansAndDeviationsAreThoseOfTheFirstExamples() {
        Examples train = new DataStore(directory).load(SOURCE).train();
        assertArrayEquals(new double[] {50 / 255.0, 200 / 255.0, 0.5}, train.channelMeans(2), 1e-12);
        assertArrayEquals(
                new double[] {10 / 255.0, 1, 0.5}, train.channelDeviations(2), 1e-9, "one value: left as it is");
    }

    @Test
    void whatIsNoWholeRecordIsRefused() throws IOException {
        Files.write(folder.resolve("data_batch_3.bin"), new byte[RECORD + 1]);
        DataException cut = assertThrows(DataException.class, () -> new DataStore(directory).load(SOURCE));
        assertTrue(cut.getMessage().contains("data_batch_3.bin has 3074 bytes"), cut.getMessage());
        Files.write(folder.resolve("data_batch_3.bin"), records(3, 11));
        DataException label = assertThrows(DataException.class, () -> new DataStore(directory).load(SOURCE));
        assertTrue(label.getMessage().contains("label 11 of example 5 is out of range 0..9"), label.getMessage());
    }

    /** 30 KB of gzip can be 30 MB and more. */
    @Test
    void moreThanAPublishedFileHoldsIsRefused() throws IOException {
        Path bomb = folder.resolve("data_batch_5.bin.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(bomb))) {
            for (int i = 0; i <= 10_000; i++) {
                out.write(new byte[RECORD]);
            }
        }
        DataException refused = assertThrows(DataException.class, () -> new DataStore(directory).load(SOURCE));
        assertTrue(
                refused.getMessage().contains("data_batch_5.bin.gz holds more than the 10000 records"), "" + refused);
    }

    @Test
    void missingFilesCanBeFetched() throws IOException {
        Files.delete(folder.resolve("data_batch_2.bin"));
        DataStore store = new DataStore(directory);
        assertFalse(store.isPresent(Catalog.CIFAR_10));
        assertEquals("no", store.state(Catalog.CIFAR_10));
        DataException missing = assertThrows(DataException.class, () -> store.load(SOURCE));
        assertTrue(missing.getMessage().contains("`espalier data fetch cifar-10`"), "" + missing);
    }

    @Test
    void whatIsThereIsNotFetched() {
        assertEquals(folder, new DataStore(directory).fetch(Catalog.CIFAR_10));
    }

    @Test
    void partsOfAFile() {
        Dataset dataset = new DataStore(directory).load(SOURCE);
        DataSpec first = new DataSpec(SOURCE, 6, 2, Preparation.NONE);
        assertEquals(4, first.trainingExamples(dataset));
        assertEquals(6, first.withoutValidation().trainingExamples(dataset), "refit: those held back too, and no more");
        DataSpec tooMany = new DataSpec(SOURCE, 11, 2, Preparation.NONE);
        assertThrows(DataException.class, () -> tooMany.trainingExamples(dataset));
    }
}
