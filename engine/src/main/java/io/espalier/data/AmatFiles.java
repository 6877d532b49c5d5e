package io.espalier.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The two AMAT files of a data set.
 *
 * @param train a file whose name ends in {@code train.amat} or {@code train_valid.amat}
 * @param test a file whose name ends in {@code test.amat}
 */
record AmatFiles(Path train, Path test) {
    private static final String TRAIN = ".*train(_valid)?\\.amat(\\.gz)?";
    private static final String TEST = ".*test\\.amat(\\.gz)?";

    /** Looks for them in a folder and, as the archive of {@code convex} unpacks, in its subfolder {@code 50k}; empty if neither is there. */
    static Optional<AmatFiles> in(Path folder) {
        List<Path> files = new ArrayList<>(list(folder));
        files.addAll(list(folder.resolve("50k")));
        List<Path> train = matching(files, TRAIN);
        List<Path> test = matching(files, TEST);
        if (train.isEmpty() && test.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new AmatFiles(only(folder, train, "train.amat"), only(folder, test, "test.amat")));
    }

    private static List<Path> matching(List<Path> files, String names) {
        return files.stream()
                .filter(file -> file.getFileName().toString().matches(names))
                .toList();
    }

    private static Path only(Path folder, List<Path> files, String ending) {
        if (files.size() != 1) {
            throw new DataException(folder + " needs one file whose name ends in " + ending + ", it has "
                    + (files.isEmpty()
                            ? "none."
                            : files.size() + ": "
                                    + files.stream()
                                            .map(file -> folder.relativize(file).toString())
                                            .collect(Collectors.joining(", "))
                                    + "."));
        }
        return files.get(0);
    }

    private static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw new DataException("The folder " + folder + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    Dataset read(String name) {
        return new Dataset(name, AmatReader.examples(train), AmatReader.examples(test));
    }
}
