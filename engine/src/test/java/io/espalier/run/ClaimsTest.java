package io.espalier.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.run.Claims.Standing;
import io.espalier.study.Trial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that know of each other through one directory alone; here each is an instance, which shares nothing else. */
class ClaimsTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(120);

    @TempDir
    private Path folder;

    private final List<Trial> trials = ToyStudy.plan(0.05, 3).trials();

    @BeforeEach
    void anEmptyRun() throws IOException {
        Files.createDirectories(folder.resolve("trials"));
    }

    /** A worker that can be killed: its heart stops and nothing is tidied up. */
    private record Worker(Claims claims, ScheduledExecutorService heart) {
        void die() {
            heart.shutdownNow();
        }
    }

    private Worker worker(Duration lease) throws IOException {
        ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor();
        return new Worker(new Claims(folder, false, new Heartbeat(folder, lease, heart)), heart);
    }

    private static void finish(Worker worker, Trial trial) {
        try {
            Files.writeString(
                    worker.claims().folder(trial).resolve("result.json"),
                    worker.claims().worker());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        worker.claims().publish(trial);
    }

    private static Standing takeOver(Worker worker, Trial trial) throws InterruptedException {
        Standing standing;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while ((standing = worker.claims().claim(trial)) == Standing.ELSEWHERE && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        return standing;
    }

    @Test
    void oneWorkerHasATrialUntilItIsOver() throws IOException {
        Worker a = worker(LONG);
        Worker b = worker(LONG);
        Trial trial = trials.get(0);
        assertEquals(Standing.HELD, a.claims().claim(trial));
        assertEquals(Standing.HELD, a.claims().claim(trial), "still its own");
        assertEquals(Standing.ELSEWHERE, b.claims().claim(trial));
        assertTrue(Claims.isStarted(folder, trial.id()));
        finish(a, trial);
        assertEquals(Standing.OVER, b.claims().claim(trial));
        assertFalse(Claims.isStarted(folder, trial.id()));
        a.claims().close();
        b.claims().close();
        try (Stream<Path> left = Files.walk(folder.resolve("workers"))) {
            assertEquals(1, left.count(), "who ends in order leaves no heartbeat");
        }
    }

    @Test
    void whoEndsInOrderLeavesItsTrialsAsTheyStand() throws IOException {
        Worker a = worker(LONG);
        Worker b = worker(LONG);
        Trial trial = trials.get(0);
        a.claims().claim(trial);
        Files.writeString(a.claims().folder(trial).resolve("1.checkpoint"), "state");
        a.claims().close();
        assertEquals(Standing.HELD, b.claims().claim(trial), "at once");
        assertEquals("state", Files.readString(b.claims().folder(trial).resolve("1.checkpoint")));
        b.claims().close();
    }

    @Test
    void whoWasTakenForDeadCanPublishNothing() throws Exception {
        Worker asleep = worker(SHORT);
        Worker awake = worker(LONG);
        Trial trial = trials.get(0);
        asleep.claims().claim(trial);
        Path before = asleep.claims().folder(trial);
        asleep.die();
        assertEquals(Standing.HELD, takeOver(awake, trial));
        assertFalse(Files.exists(before));
        WorkFolder lost = new WorkFolder(folder, trial, before);
        assertThrows(ClaimLostException.class, () -> lost.fail("w", new IllegalStateException("late")));
        assertThrows(ClaimLostException.class, () -> asleep.claims().publish(trial));
        assertFalse(Files.exists(before), "nothing makes the folder again");
        assertEquals(Standing.ELSEWHERE, asleep.claims().claim(trial));
        finish(awake, trial);
        assertEquals(
                awake.claims().worker(), Files.readString(folder.resolve("trials/" + trial.id() + "/result.json")));
        awake.claims().close();
    }

    @Test
    void aPulseCountsByTheWatchOfWhoLooksAndTheLeaseOfWhoBeats() throws Exception {
        Worker patient = worker(LONG);
        Worker brief = worker(SHORT);
        try (Heartbeat observer = Heartbeat.begin(folder, SHORT)) {
            for (Worker each : List.of(patient, brief)) {
                each.die();
                assertFalse(observer.isDead(each.claims().worker()), "nothing is known at first sight");
            }
            Thread.sleep(SHORT.toMillis() * 3);
            assertTrue(observer.isDead(brief.claims().worker()));
            assertFalse(observer.isDead(patient.claims().worker()), "it may be silent for longer");
        }
    }

    @Test
    void aCrashIsTriedAgainByWhoBeginsLaterAndByNobodyElse() throws IOException {
        Worker a = worker(LONG);
        Worker b = worker(LONG);
        Trial trial = trials.get(0);
        a.claims().claim(trial);
        new WorkFolder(folder, trial, a.claims().folder(trial))
                .fail(a.claims().worker(), new IllegalStateException("broken"));
        a.claims().publish(trial);
        assertEquals(Standing.FAILED, b.claims().claim(trial));
        Worker c = worker(LONG);
        Worker d = worker(LONG);
        assertEquals(Standing.HELD, c.claims().claim(trial));
        assertFalse(Files.exists(folder.resolve("trials/" + trial.id())));
        new WorkFolder(folder, trial, c.claims().folder(trial))
                .fail(c.claims().worker(), new IllegalStateException("broken"));
        c.claims().publish(trial);
        assertEquals(Standing.FAILED, d.claims().claim(trial), "c has tried it since d began");
        for (Worker each : List.of(a, b, c, d)) {
            each.claims().close();
        }
    }

    /** 64 workers at once; every third dies with a trial in its hands, and may wake up long after. */
    @Test
    void everyTrialIsPublishedExactlyOnce() throws Exception {
        int workers = 64;
        Set<String> published = ConcurrentHashMap.newKeySet();
        AtomicInteger twice = new AtomicInteger();
        AtomicInteger lost = new AtomicInteger();
        List<Worker> dead = new ArrayList<>();
        List<Set<Trial>> theirs = new ArrayList<>();
        CountDownLatch together = new CountDownLatch(workers);
        ExecutorService threads = Executors.newFixedThreadPool(workers);
        List<Future<?>> running = new ArrayList<>();
        for (int number = 0; number < workers; number++) {
            // 64 hearts on two busy cores: a lease that starves would take the living for dead again and again.
            Worker worker = worker(Duration.ofSeconds(1));
            boolean doomed = number % 3 == 0;
            Random random = new Random(number);
            Set<Trial> held = new HashSet<>();
            if (doomed) {
                dead.add(worker);
                theirs.add(held);
            }
            running.add(threads.submit(() -> {
                together.countDown();
                together.await();
                Set<Trial> left = new HashSet<>(trials);
                while (!left.isEmpty()) {
                    for (Trial trial : trials) {
                        if (!left.contains(trial)) {
                            continue;
                        }
                        Standing standing = worker.claims().claim(trial);
                        if (standing == Standing.OVER) {
                            left.remove(trial);
                        } else if (standing == Standing.HELD) {
                            Thread.sleep(random.nextInt(8));
                            if (doomed) {
                                held.add(trial);
                                worker.die();
                                return null;
                            }
                            try {
                                finish(worker, trial);
                                if (!published.add(trial.id().value())) {
                                    twice.incrementAndGet();
                                }
                            } catch (ClaimLostException | UncheckedIOException e) {
                                lost.incrementAndGet();
                            }
                        }
                    }
                    Thread.sleep(50);
                }
                worker.claims().close();
                return null;
            }));
        }
        for (Future<?> future : running) {
            future.get(120, TimeUnit.SECONDS);
        }
        threads.shutdown();
        int held = 0;
        for (int i = 0; i < dead.size(); i++) {
            for (Trial trial : theirs.get(i)) {
                held++;
                Claims late = dead.get(i).claims();
                assertThrows(ClaimLostException.class, () -> late.publish(trial));
            }
        }
        assertTrue(held > 5, "only " + held + " died with a trial");
        assertEquals(0, twice.get());
        assertEquals(trials.size(), published.size());
        for (Trial trial : trials) {
            assertTrue(Files.exists(folder.resolve("trials/" + trial.id() + "/result.json")));
        }
        try (Stream<Path> left = Files.list(folder.resolve("claims"))) {
            assertEquals(List.of(), left.toList());
        }
    }
}
