package io.espalier.run;

import io.espalier.data.DataException;
import io.espalier.study.Trial;
import io.espalier.study.TrialId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The checkpoints of a run: for every trial under way its last two, so that a damaged one costs little. */
final class CheckpointStore {
    private static final int KEPT = 2;
    private static final String SUFFIX = ".checkpoint";

    private final Path folder;

    CheckpointStore(Path folder) {
        this.folder = folder;
    }

    /** Saves a trial and forgets all but its last two checkpoints. */
    void save(Trial trial, CheckpointFile checkpoint, String backend) throws IOException {
        List<Path> earlier = newestFirst(trial.id());
        long number = earlier.isEmpty() ? 1 : number(earlier.get(0)) + 1;
        AtomicFiles.write(
                folder.resolve(trial.id() + "." + number + SUFFIX), checkpoint.toBytes(trial.network(), backend));
        for (Path old : earlier.subList(Math.min(KEPT - 1, earlier.size()), earlier.size())) {
            Files.deleteIfExists(old);
        }
    }

    /**
     * The newest sound checkpoint of a trial.
     *
     * @param damaged hears of every newer one that was passed over
     */
    Optional<CheckpointFile> load(Trial trial, Consumer<Path> damaged) throws IOException {
        if (Files.isDirectory(folder)) {
            AtomicFiles.sweep(folder, trial.id() + ".");
        }
        for (Path file : newestFirst(trial.id())) {
            try {
                return Optional.of(CheckpointFile.parse(trial.network(), Files.readAllBytes(file), file.toString()));
            } catch (DataException e) {
                // Torn by a crash: the one before it is whole.
                damaged.accept(file);
            }
        }
        return Optional.empty();
    }

    /** Forgets a trial that is over. */
    void delete(TrialId id) throws IOException {
        for (Path file : newestFirst(id)) {
            Files.deleteIfExists(file);
        }
    }

    private List<Path> newestFirst(TrialId id) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches(id + "\\.[0-9]{1,18}\\" + SUFFIX))
                    .sorted(Comparator.comparingLong(CheckpointStore::number).reversed())
                    .toList();
        }
    }

    private static long number(Path file) {
        return Long.parseLong(file.getFileName().toString().split("\\.")[1]);
    }
}
