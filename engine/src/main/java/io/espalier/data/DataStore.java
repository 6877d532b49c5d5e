package io.espalier.data;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * The data directory: one folder a data set, under its usual file names, gzipped or not.
 *
 * @param directory where the folders are; need not exist
 */
public record DataStore(Path directory) {
    private static final Duration STALL = Duration.ofSeconds(30);
    private static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
    private static final String TRAIN_LABELS = "train-labels-idx1-ubyte";
    private static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
    private static final String TEST_LABELS = "t10k-labels-idx1-ubyte";
    private static final List<String> FILES = List.of(TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS);

    /** Reads or generates the data set. */
    public Dataset load(DataSource source) {
        if (source instanceof DataSource.IdxFolder own) {
            return read(own.name(), own.folder());
        }
        Catalog entry = ((DataSource.Named) source).entry();
        if (isPresent(entry)) {
            Dataset dataset = read(entry.key(), path(entry));
            dataset.train().requireLabelsBelow(entry.classes());
            dataset.test().requireLabelsBelow(entry.classes());
            return dataset;
        }
        if (entry.isGenerated()) {
            return entry.generate();
        }
        throw new DataException(
                "The files of data set " + entry.key() + " are not in " + path(entry) + ". Type `espalier data fetch "
                        + entry.key() + "`, or name the directory that has them with --data or $ESPALIER_DATA.");
    }

    /** The folder of a data set of the catalog. */
    public Path path(Catalog entry) {
        return directory.resolve(entry.key());
    }

    /** Whether all its files are in the folder. */
    public boolean isPresent(Catalog entry) {
        return FILES.stream().allMatch(name -> Files.exists(find(path(entry), name)));
    }

    /** Generates a data set into the data directory, where other programs can read it too; an existing one is left alone. */
    public Path make(Catalog entry) {
        if (!entry.isGenerated()) {
            throw new DataException(
                    "Data set " + entry.key() + " cannot be generated: put its files into " + path(entry) + ".");
        }
        if (isPresent(entry)) {
            return path(entry);
        }
        Dataset dataset = entry.generate();
        try {
            Files.createDirectories(directory);
            // Not createTempDirectory, which only its owner may enter: data directories are shared.
            Path temporary = Files.createDirectory(directory.resolve("." + entry.key() + "." + UUID.randomUUID()));
            write(temporary, TRAIN_IMAGES, TRAIN_LABELS, dataset.train());
            write(temporary, TEST_IMAGES, TEST_LABELS, dataset.test());
            publish(temporary, path(entry));
        } catch (FileSystemException e) {
            throw new DataException(
                    "Cannot write data set " + entry.key() + " into " + directory + ": "
                            + (e.getReason() == null ? e.getClass().getSimpleName() : e.getReason())
                            + ". Name a writable directory with --data.",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return path(entry);
    }

    /** Gets a data set of the catalog from its mirrors; files that are there already are left alone. */
    public Path fetch(Catalog entry) {
        if (entry.isGenerated()) {
            return make(entry);
        }
        return fetch(entry, new Download(MnistMirrors.ADDRESSES, STALL), MnistMirrors.FILES);
    }

    Path fetch(Catalog entry, Download download, List<RemoteFile> files) {
        try {
            download.fetch(path(entry), files);
        } catch (FileSystemException e) {
            throw new DataException(
                    "Cannot write data set " + entry.key() + " into " + directory + ": "
                            + (e.getReason() == null ? e.getClass().getSimpleName() : e.getReason())
                            + ". Name a writable directory with --data.",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return path(entry);
    }

    private static void publish(Path temporary, Path target) throws IOException {
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException | AtomicMoveNotSupportedException e) {
            // An incomplete folder, or another process was faster: fill in file by file.
            for (String name : FILES) {
                Files.move(temporary.resolve(name), target.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
            Files.delete(temporary);
        }
    }

    private static void write(Path folder, String images, String labels, Examples examples) throws IOException {
        int side = ImageGenerator.SIDE;
        try (OutputStream out = Files.newOutputStream(folder.resolve(images))) {
            IdxWriter.write(out, examples.pixels(), examples.count(), side, side);
        }
        try (OutputStream out = Files.newOutputStream(folder.resolve(labels))) {
            IdxWriter.write(out, IdxWriter.labelBytes(examples.labels()), examples.count());
        }
    }

    private static Dataset read(String name, Path folder) {
        return new Dataset(
                name,
                IdxReader.examples(find(folder, TRAIN_IMAGES), find(folder, TRAIN_LABELS)),
                IdxReader.examples(find(folder, TEST_IMAGES), find(folder, TEST_LABELS)));
    }

    private static Path find(Path folder, String name) {
        Path packed = folder.resolve(name + ".gz");
        return Files.exists(packed) && !Files.exists(folder.resolve(name)) ? packed : folder.resolve(name);
    }
}
