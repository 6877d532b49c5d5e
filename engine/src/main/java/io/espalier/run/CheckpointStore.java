package io.espalier.run;

import io.espalier.data.DataException;
import io.espalier.study.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The checkpoints of a trial under way: its last two, so that a damaged one costs little. */
final class CheckpointStore {
    private static final int KEPT = 2;
    private static final String SUFFIX = ".checkpoint";

    private final Path folder;

    CheckpointStore(Path folder) {
        this.folder = folder;
    }

    /** Saves the trial and forgets all but its last two checkpoints. */
    void save(Trial trial, CheckpointFile checkpoint, String backend) throws IOException {
        List<Path> earlier = newestFirst();
        long number = earlier.isEmpty() ? 1 : number(earlier.get(0)) + 1;
        AtomicFiles.replace(folder.resolve(number + SUFFIX), checkpoint.toBytes(trial.network(), backend));
        for (Path old : earlier.subList(Math.min(KEPT - 1, earlier.size()), earlier.size())) {
            Files.deleteIfExists(old);
        }
    }

    /**
     * The newest sound checkpoint of the trial.
     *
     * @param damaged hears of every newer one that was passed over
     */
    Optional<CheckpointFile> load(Trial trial, Consumer<Path> damaged) throws IOException {
        for (Path file : newestFirst()) {
            try {
                return Optional.of(CheckpointFile.parse(trial.network(), Files.readAllBytes(file), file.toString()));
            } catch (DataException e) {
                // Torn by a crash: the one before it is whole.
                damaged.accept(file);
            }
        }
        return Optional.empty();
    }

    /** Forgets the trial, which is over. */
    void delete() throws IOException {
        for (Path file : newestFirst()) {
            Files.deleteIfExists(file);
        }
    }

    private List<Path> newestFirst() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("[0-9]{1,18}\\" + SUFFIX))
                    .sorted(Comparator.comparingLong(CheckpointStore::number).reversed())
                    .toList();
        }
    }

    private static long number(Path file) {
        return Long.parseLong(file.getFileName().toString().split("\\.")[0]);
    }
}
