package io.espalier.run;

import io.espalier.study.Trial;
import io.espalier.study.TrialId;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Which worker has which trial, settled by the run directory alone. A trial under way is one folder, {@code claims/TRIAL/CLAIM}, in which
 * everything about it is written. A claim's name holds its worker's and is used once. It changes hands, is given up and becomes the
 * trial's result by a rename of that folder, of which the file system lets exactly one succeed: so a trial has one worker at most,
 * and one that was taken for dead and wakes up can publish nothing.
 */
final class Claims implements AutoCloseable {
    private static final String FREE = "free";

    private final Path run;
    private final Heartbeat heartbeat;
    private final boolean alone;
    private final Map<TrialId, Path> held = new ConcurrentHashMap<>();
    private final Map<TrialId, String> earlierFailures = new HashMap<>();
    private final AtomicInteger count = new AtomicInteger();

    /** How a trial stands, for this worker. */
    enum Standing {
        /** It is this worker's to do. */
        HELD,
        OVER,
        /** It crashed, here or elsewhere, since this worker began. */
        FAILED,
        /** Another worker has it. */
        ELSEWHERE
    }

    /**
     * Begins to work in a run directory.
     *
     * @param alone that nobody else does, so that whatever is claimed is a dead worker's
     */
    Claims(Path run, boolean alone, Heartbeat heartbeat) throws IOException {
        this.run = run;
        this.alone = alone;
        this.heartbeat = heartbeat;
        Files.createDirectories(run.resolve("claims"));
        if (alone) {
            heartbeat.forgetOthers();
        }
        try (Stream<Path> trials = Files.list(run.resolve("trials"))) {
            for (Path folder : trials.toList()) {
                Path note = folder.resolve("failed.json");
                if (Files.exists(note)) {
                    earlierFailures.put(new TrialId(folder.getFileName().toString()), Files.readString(note));
                }
            }
        }
    }

    /** The name of this worker. */
    String worker() {
        return heartbeat.worker();
    }

    /** Where this worker writes about a trial that it holds. */
    Path folder(Trial trial) {
        return held.get(trial.id());
    }

    /** Whether a trial is under way, or was when it was left; anybody may look. */
    static boolean isStarted(Path run, TrialId id) {
        try {
            return !children(run.resolve("claims").resolve(id.value())).isEmpty();
        } catch (IOException e) {
            throw RunDirectory.unusable(run, e);
        }
    }

    /** Tries to become the worker of a trial. */
    Standing claim(Trial trial) {
        if (held.containsKey(trial.id())) {
            return Standing.HELD;
        }
        try {
            if (isOver(trial)) {
                return Standing.OVER;
            }
            if (hasFailed(trial)) {
                return Standing.FAILED;
            }
            Path place = place(trial.id());
            Path mine = place.resolve(heartbeat.worker() + "." + count.incrementAndGet());
            if (!take(place, mine)) {
                return Standing.ELSEWHERE;
            }
            held.put(trial.id(), mine);
            // Whoever had it may have ended it between the look and the claim.
            if (isOver(trial) || hasFailed(trial)) {
                deleteAll(mine);
                forget(trial);
                return isOver(trial) ? Standing.OVER : Standing.FAILED;
            }
            deleteAll(published(trial));
            return Standing.HELD;
        } catch (IOException e) {
            throw RunDirectory.unusable(run, e);
        }
    }

    private Path place(TrialId id) {
        return run.resolve("claims").resolve(id.value());
    }

    private Path published(Trial trial) {
        return run.resolve("trials").resolve(trial.id().value());
    }

    private boolean isOver(Trial trial) {
        return Files.exists(published(trial).resolve("result.json"));
    }

    /** A crash from before this worker began does not count: it is to be tried again. */
    private boolean hasFailed(Trial trial) throws IOException {
        Path note = published(trial).resolve("failed.json");
        try {
            return Files.exists(note) && !Files.readString(note).equals(earlierFailures.get(trial.id()));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private boolean take(Path place, Path mine) throws IOException {
        List<Path> claims = children(place);
        if (claims.isEmpty()) {
            return create(place, mine);
        }
        for (Path claim : claims) {
            String name = claim.getFileName().toString();
            boolean free = name.equals(FREE) || alone || heartbeat.isDead(name.split("\\.")[0]);
            if (free && renamed(claim, mine)) {
                return true;
            }
        }
        return false;
    }

    /** A place comes into being with its first claim in it; the file system refuses to put it over one that has another. */
    private boolean create(Path place, Path mine) throws IOException {
        Path prepared = place.resolveSibling("." + mine.getFileName());
        Files.createDirectories(prepared.resolve(mine.getFileName()));
        try {
            Files.move(prepared, place, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (FileSystemException e) {
            // What was just made here can be renamed here, but for a claim in its way.
            deleteAll(prepared);
            return false;
        }
    }

    /** False if somebody else was faster. */
    private static boolean renamed(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /**
     * Makes a trial's folder what it came to, result or crash, for everybody to see.
     *
     * @throws ClaimLostException if it is another worker's by now
     */
    void publish(Trial trial) {
        try {
            Files.move(folder(trial), published(trial), StandardCopyOption.ATOMIC_MOVE);
            AtomicFiles.force(run.resolve("trials"));
            forget(trial);
        } catch (NoSuchFileException e) {
            held.remove(trial.id());
            throw new ClaimLostException(trial, e);
        } catch (IOException e) {
            throw RunDirectory.unusable(run, e);
        }
    }

    /** Leaves a trial, as it stands, to whoever comes next. */
    void release(Trial trial) {
        release(trial.id());
    }

    private void release(TrialId id) {
        Path mine = held.remove(id);
        try {
            // Where it was lost there is nothing to leave.
            if (mine != null) {
                renamed(mine, place(id).resolve(FREE));
            }
        } catch (IOException e) {
            throw RunDirectory.unusable(run, e);
        }
    }

    private void forget(Trial trial) throws IOException {
        held.remove(trial.id());
        try {
            Files.deleteIfExists(place(trial.id()));
        } catch (FileSystemException e) {
            // Another worker has just put its claim there, and will see that the trial is over.
            return;
        }
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() {
        try (heartbeat) {
            List.copyOf(held.keySet()).forEach(this::release);
        }
    }
}
