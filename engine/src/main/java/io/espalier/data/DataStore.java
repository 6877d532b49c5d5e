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
import java.util.Optional;
import java.util.UUID;

/**
 * The data directory: one folder a data set, under its usual file names, gzipped or not. What Espalier made says how in
 * {@code origin.txt} beside the data.
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

    /** Reads or generates the data set; where there are AMAT files in its folder, they are it. */
    public Dataset load(DataSource source) {
        if (source instanceof DataSource.IdxFolder own) {
            return read(own.name(), own.folder());
        }
        if (source instanceof DataSource.AmatFolder own) {
            return AmatFiles.in(own.folder())
                    .orElseThrow(() -> new DataException(own.folder()
                            + " has no AMAT files: one whose name ends in train.amat and one that ends in test.amat."))
                    .read(own.name());
        }
        if (source instanceof DataSource.NpyFolder own) {
            return new Dataset(own.name(), npy(own.folder(), "train"), npy(own.folder(), "test"));
        }
        Catalog entry = ((DataSource.Named) source).entry();
        Optional<AmatFiles> originals = AmatFiles.in(path(entry));
        if (originals.isPresent()) {
            return original(entry, originals.get());
        }
        if (entry == Catalog.CIFAR_10 && CifarReader.isIn(path(entry))) {
            Dataset dataset = CifarReader.read(entry.key(), path(entry));
            dataset.train().requireLabelsBelow(entry.classes());
            dataset.test().requireLabelsBelow(entry.classes());
            return dataset;
        }
        if (hasIdx(entry)) {
            Dataset dataset = read(Origin.name(entry, path(entry)), path(entry));
            dataset.train().requireLabelsBelow(entry.classes());
            dataset.test().requireLabelsBelow(entry.classes());
            return dataset;
        }
        if (entry.isGenerated()) {
            return entry.generate(ingredients(entry, Optional.empty()));
        }
        throw missing(entry, "");
    }

    private static Examples npy(Path folder, String part) {
        return NpyReader.examples(folder.resolve(part + "-images.npy"), folder.resolve(part + "-labels.npy"));
    }

    private static Dataset original(Catalog entry, AmatFiles files) {
        Dataset stored = files.read(entry.key() + " (" + Origin.ORIGINAL + ")");
        requireCount(stored.train(), entry.trainCount());
        requireCount(stored.test(), entry.testCount());
        stored.train().requireLabelsBelow(entry.classes());
        stored.test().requireLabelsBelow(entry.classes());
        return entry.originalsAreTransposed()
                ? new Dataset(
                        stored.name(),
                        stored.train().transposed(),
                        stored.test().transposed())
                : stored;
    }

    private static void requireCount(Examples examples, int count) {
        if (examples.count() != count) {
            throw new DataException(examples.origin() + " holds " + examples.count() + " examples, the published file "
                    + count + ". Get the file again.");
        }
    }

    private DataException missing(Catalog entry, String why) {
        return new DataException("The files of data set " + entry.key() + why + " are not in " + path(entry)
                + ". Type `espalier data fetch " + entry.key()
                + "`, or name the directory that has them with --data or $ESPALIER_DATA.");
    }

    private Ingredients ingredients(Catalog entry, Optional<Path> images) {
        Optional<ShuffledDigits> digits = Optional.empty();
        if (entry.usesDigits()) {
            if (!isPresent(Catalog.MNIST)) {
                throw missing(Catalog.MNIST, ", of which " + entry.key() + " is made,");
            }
            digits = Optional.of(Catalog.shuffled(load(new DataSource.Named(Catalog.MNIST))));
        }
        Optional<Patches> patches = entry.usesImages()
                ? Optional.of(images.map(DataStore::patches).orElseGet(Catalog::texture))
                : Optional.empty();
        return new Ingredients(digits, patches);
    }

    /** Asked here, because a Java without images cannot load the class that reads them. */
    private static Patches patches(Path folder) {
        if (ModuleLayer.boot().findModule("java.desktop").isEmpty()) {
            throw new DataException("This Java cannot read images, for want of its module java.desktop."
                    + " Start Espalier from a clone, with a JDK 17.");
        }
        return ImageFolder.patches(folder);
    }

    /** The folder of a data set of the catalog. */
    public Path path(Catalog entry) {
        return directory.resolve(entry.key());
    }

    /** Whether all its files are in the folder, as IDX or as AMAT. */
    public boolean isPresent(Catalog entry) {
        return hasIdx(entry)
                || AmatFiles.in(path(entry)).isPresent()
                || entry == Catalog.CIFAR_10 && CifarReader.isIn(path(entry));
    }

    private boolean hasIdx(Catalog entry) {
        return FILES.stream().allMatch(name -> Files.exists(find(path(entry), name)));
    }

    /** Whether it is there, and what it is made of where that can differ; else what is missing, in a few words. */
    public String state(Catalog entry) {
        try {
            if (AmatFiles.in(path(entry)).isPresent()) {
                return "yes, " + Origin.ORIGINAL;
            }
        } catch (DataException e) {
            return "half: two .amat files are needed";
        }
        if (entry == Catalog.CIFAR_10) {
            return CifarReader.isIn(path(entry)) ? "yes" : "no";
        }
        if (hasIdx(entry)) {
            return Origin.kind(entry, path(entry)).map(kind -> "yes, " + kind).orElse("yes");
        }
        if (!entry.isGenerated()) {
            return "no";
        }
        return entry.usesDigits() && !isPresent(Catalog.MNIST) ? "no, needs mnist" : "made on demand";
    }

    /**
     * Generates a data set into the data directory, where other programs can read it too; an existing one is left alone.
     *
     * @param images the folder with the images for its backgrounds; empty for procedural texture
     */
    public Path make(Catalog entry, Optional<Path> images) {
        if (!entry.isGenerated()) {
            throw new DataException(
                    "Data set " + entry.key() + " cannot be generated: put its files into " + path(entry) + ".");
        }
        if (images.isPresent() && !entry.usesImages()) {
            throw new DataException("Data set " + entry.key() + " has no images in it, so none can be named.");
        }
        if (isPresent(entry)) {
            if (images.isPresent()) {
                throw new DataException("Data set " + entry.key() + " is in " + path(entry)
                        + " already. Remove that folder to make it of other images.");
            }
            return path(entry);
        }
        Ingredients ingredients = ingredients(entry, images);
        Dataset dataset = entry.generate(ingredients);
        try {
            Files.createDirectories(directory);
            // Not createTempDirectory, which only its owner may enter: data directories are shared.
            Path temporary = Files.createDirectory(directory.resolve("." + entry.key() + "." + UUID.randomUUID()));
            Origin.write(temporary, entry, dataset, ingredients);
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
            return make(entry, Optional.empty());
        }
        if (isPresent(entry)) {
            return path(entry);
        }
        try {
            if (entry == Catalog.CIFAR_10) {
                new Download(CifarMirrors.ADDRESSES, STALL).fetch(path(entry), CifarMirrors.ARCHIVE);
            } else {
                new Download(MnistMirrors.ADDRESSES, STALL).fetch(path(entry), MnistMirrors.FILES);
            }
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
            Files.move(
                    temporary.resolve(Origin.FILE), target.resolve(Origin.FILE), StandardCopyOption.REPLACE_EXISTING);
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
