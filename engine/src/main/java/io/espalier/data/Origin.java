package io.espalier.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a made data set is made of, in a text file beside it. The first line is the data set's name, which goes into the provenance
 * of every run: {@code mnist-background-image (procedural texture)}.
 */
final class Origin {
    static final String FILE = "origin.txt";

    /** What sets are made of that others published as AMAT files. */
    static final String ORIGINAL = "original files";

    private Origin() {}

    /** Writes the file; equal sets give equal bytes. */
    static void write(Path folder, Catalog entry, Dataset dataset, Ingredients ingredients) throws IOException {
        StringBuilder text = new StringBuilder(dataset.name()).append('\n');
        text.append(entry.description()).append('\n');
        text.append("Made by Espalier: equal ingredients give equal bytes.\n");
        ingredients.digits().ifPresent(digits -> text.append("Digits: MNIST, training part SHA-256 (images, labels) ")
                .append(digits.mnist().train().sha256())
                .append(", test part ")
                .append(digits.mnist().test().sha256())
                .append('\n'));
        ingredients.patches().ifPresent(patches -> {
            text.append("Backgrounds: ").append(patches.kind()).append('\n');
            for (GreyImage image : patches.images()) {
                text.append("  ").append(image.name()).append(", ").append(image.width());
                text.append(" x ").append(image.height());
                text.append(", SHA-256 of the grey pixels as IDX ")
                        .append(image.sha256())
                        .append('\n');
            }
        });
        text.append("Training part SHA-256 ").append(dataset.train().sha256()).append('\n');
        text.append("Test part SHA-256 ").append(dataset.test().sha256()).append('\n');
        Files.writeString(folder.resolve(FILE), text);
    }

    /** The name of the set in a folder: the first line of its text file, or the catalog's name where there is none. */
    static String name(Catalog entry, Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return entry.key();
        }
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            if (lines.isEmpty() || !lines.get(0).startsWith(entry.key())) {
                throw new DataException(file + " should start with the data set's name, " + entry.key() + ".");
            }
            return lines.get(0);
        } catch (IOException e) {
            throw new DataException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /** What stands in brackets behind the name. */
    static Optional<String> kind(Catalog entry, Path folder) {
        String name = name(entry, folder);
        return name.endsWith(")") && name.contains(" (")
                ? Optional.of(name.substring(name.indexOf(" (") + 2, name.length() - 1))
                : Optional.empty();
    }
}
