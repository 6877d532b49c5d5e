package io.espalier.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataStoreTest {
    @TempDir
    private Path folder;

    @Test
    void madeSetIsReadBackAsGenerated() throws IOException {
        DataStore store = new DataStore(folder.resolve("data"));
        assertFalse(store.isPresent(Catalog.RECTANGLES));
        Dataset generated = store.load(new DataSource.Named(Catalog.RECTANGLES));
        Path made = store.make(Catalog.RECTANGLES, Optional.empty());
        assertTrue(store.isPresent(Catalog.RECTANGLES));
        Dataset read = store.load(new DataSource.Named(Catalog.RECTANGLES));
        assertArrayEquals(generated.train().pixels(), read.train().pixels());
        assertEquals(generated.train().sha256(), read.train().sha256());
        assertEquals(generated.test().sha256(), read.test().sha256());
        Dataset own = store.load(new DataSource.IdxFolder(made));
        assertEquals(read.test().sha256(), own.test().sha256());
        try (Stream<Path> left = Files.list(store.directory())) {
            assertEquals(1, left.count(), "no temporary folder is left");
        }
    }

    @Test
    void officialSizes() {
        Dataset dataset = new DataStore(folder).load(new DataSource.Named(Catalog.RECTANGLES));
        assertEquals(Catalog.RECTANGLES.trainCount(), dataset.train().count());
        assertEquals(Catalog.RECTANGLES.testCount(), dataset.test().count());
        assertEquals(784, dataset.features());
    }

    @Test
    void setsWithImagesSayWhatTheyAreMadeOf() throws IOException {
        DataStore store = new DataStore(folder.resolve("data"));
        assertEquals("made on demand", store.state(Catalog.RECTANGLES_IMAGE));
        Dataset generated = store.load(new DataSource.Named(Catalog.RECTANGLES_IMAGE));
        assertEquals("rectangles-image (procedural texture)", generated.name());
        assertEquals(12_000, generated.train().count());
        assertEquals(50_000, generated.test().count());
        Path made = store.make(Catalog.RECTANGLES_IMAGE, Optional.empty());
        Dataset read = store.load(new DataSource.Named(Catalog.RECTANGLES_IMAGE));
        assertEquals(generated.name(), read.name());
        assertEquals(generated.train().sha256(), read.train().sha256());
        assertEquals("yes, procedural texture", store.state(Catalog.RECTANGLES_IMAGE));
        String origin = Files.readString(made.resolve("origin.txt"));
        assertTrue(origin.startsWith("rectangles-image (procedural texture)\n"), origin);
        assertTrue(origin.contains(generated.train().sha256()), origin);
        DataException e =
                assertThrows(DataException.class, () -> store.make(Catalog.RECTANGLES_IMAGE, Optional.of(folder)));
        assertTrue(e.getMessage().contains("Remove that folder"), e.getMessage());
        Files.writeString(made.resolve("origin.txt"), "something else\n");
        assertThrows(DataException.class, () -> store.load(new DataSource.Named(Catalog.RECTANGLES_IMAGE)));
    }

    @Test
    void setsMadeOfDigitsNeedMnist() {
        DataStore store = new DataStore(folder);
        for (Catalog entry : Catalog.values()) {
            if (entry.usesDigits()) {
                assertEquals("no, needs mnist", store.state(entry));
                DataException e = assertThrows(DataException.class, () -> store.load(new DataSource.Named(entry)));
                assertTrue(e.getMessage().contains("espalier data fetch mnist`"), e.getMessage());
                assertTrue(e.getMessage().contains("of which " + entry.key() + " is made"), e.getMessage());
            }
        }
    }

    @Test
    void missingFilesNameTheFolderAndTheRemedy() {
        DataException e = assertThrows(
                DataException.class, () -> new DataStore(folder).load(new DataSource.Named(Catalog.MNIST)));
        assertTrue(e.getMessage().contains(folder.resolve("mnist").toString()), e.getMessage());
        assertTrue(e.getMessage().contains("espalier data fetch mnist"), e.getMessage());
        assertTrue(e.getMessage().contains("--data"), e.getMessage());
        assertThrows(DataException.class, () -> new DataStore(folder).make(Catalog.MNIST, Optional.empty()));
    }

    @Test
    void realMnist() {
        String directory = System.getenv("ESPALIER_DATA");
        assumeTrue(directory != null, "skipped: ESPALIER_DATA does not name a directory with MNIST");
        Dataset mnist = new DataStore(Path.of(directory)).load(new DataSource.Named(Catalog.MNIST));
        assertEquals(60_000, mnist.train().count());
        assertEquals(10_000, mnist.test().count());
        assertTrue(
                mnist.train().sha256().startsWith("ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"));
    }
}
