package io.espalier.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The pulse of a worker, a process in a run directory: a file in {@code workers/} that it rewrites several times a lease. Somebody whose
 * file stays as it is for a whole lease, by the watch of who looks at it, counts as dead: no clocks are compared.
 */
final class Heartbeat implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int BEATS_PER_LEASE = 6;

    private final Path folder;
    private final String worker = UUID.randomUUID().toString().replace("-", "").substring(0, 16);
    private final Duration lease;
    private final ObjectNode pulse = JsonNodeFactory.instance.objectNode();
    private final Map<String, Observation> others = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer;
    private long beats;

    /** What a worker's file said, and since when it says so. */
    private record Observation(String pulse, long sinceNanos) {}

    /** Begins to beat, on a thread of its own that does not keep the process alive. */
    static Heartbeat begin(Path run, Duration lease) throws IOException {
        return new Heartbeat(run, lease, Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "heartbeat");
            thread.setDaemon(true);
            return thread;
        }));
    }

    /**
     * Begins to beat.
     *
     * @param lease how long this worker may be silent before others take it for dead
     */
    Heartbeat(Path run, Duration lease, ScheduledExecutorService timer) throws IOException {
        this.timer = timer;
        this.folder = run.resolve("workers");
        this.lease = lease;
        Files.createDirectories(folder);
        pulse.put("pid", ProcessHandle.current().pid()).put("lease_millis", lease.toMillis());
        Files.writeString(file(worker), pulse.toString());
        long period = Math.max(1, lease.toMillis() / BEATS_PER_LEASE);
        timer.scheduleAtFixedRate(this::beat, period, period, TimeUnit.MILLISECONDS);
    }

    private void beat() {
        try {
            Files.writeString(file(worker), pulse.put("beats", ++beats).toString());
        } catch (IOException e) {
            // A beat that is missed is made up for by the next; who misses a lease's worth loses its claims, and
            // notices then.
            return;
        }
    }

    /** Forgets all workers but this one, where it is known that they are gone. */
    void forgetOthers() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(other -> !other.equals(file(worker))).toList()) {
                Files.delete(file);
            }
        }
    }

    /** The name of this worker. */
    String worker() {
        return worker;
    }

    private Path file(String name) {
        return folder.resolve(name + ".json");
    }

    /** Whether somebody else has been silent for a lease since it was first looked at here. */
    boolean isDead(String other) {
        if (other.equals(worker)) {
            return false;
        }
        String now = read(other);
        Observation seen = others.get(other);
        if (seen == null || !seen.pulse.equals(now)) {
            others.put(other, new Observation(now, System.nanoTime()));
            return false;
        }
        return System.nanoTime() - seen.sinceNanos > leaseOf(now).toNanos();
    }

    /** Empty if it is not there, which is as silent as one that stays the same. */
    private String read(String other) {
        try {
            return Files.exists(file(other)) ? Files.readString(file(other)) : "";
        } catch (IOException e) {
            return "";
        }
    }

    /** As its owner wrote it down; this worker's own where a file is cut off. */
    private Duration leaseOf(String pulse) {
        try {
            return Duration.ofMillis(JSON.readTree(pulse).path("lease_millis").asLong(lease.toMillis()));
        } catch (JsonProcessingException e) {
            return lease;
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        try {
            timer.awaitTermination(1, TimeUnit.SECONDS);
            Files.deleteIfExists(file(worker));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
