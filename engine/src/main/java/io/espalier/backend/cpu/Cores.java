package io.espalier.backend.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Processor cores that several workers share. Each works on its own; those cores whose workers have nothing to do help the others with the parts of
 * their ops. Which core does which part, and how many there are, is left open: what a part computes must not depend on it.
 */
public final class Cores {
    /** Numbers in a part of an op that goes over rows: some tens of microseconds, far more than it takes to wake a core. */
    private static final int PART = 1 << 16;

    private final int count;
    private final ExecutorService helpers;

    /** Cores without work; below zero for a moment when one gets work while it helps. */
    private final AtomicInteger free;

    /** Does one part of several. */
    @FunctionalInterface
    interface Part {
        /**
         * @param part which
         * @param core 0 to {@link Cores#count()} - 1, another one for each part that is done at the same time: for scratch
         */
        void compute(int part, int core);
    }

    /** Does the rows first to end - 1; core as of {@link Part}. */
    @FunctionalInterface
    interface SomeRows {
        void compute(int first, int end, int core);
    }

    /** @param count cores, at least 1 */
    public Cores(int count) {
        this.count = count;
        free = new AtomicInteger(count);
        helpers = count == 1 ? null : pool(count - 1);
    }

    private static ExecutorService pool(int threads) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(threads, threads, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "espalier core");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    int count() {
        return count;
    }

    /** A worker has something to do and takes its core. */
    void enter() {
        free.decrementAndGet();
    }

    /** It has nothing to do, and others may have its core. */
    void leave() {
        free.incrementAndGet();
    }

    /** Does rows that do not need each other, some at a time. */
    void rows(int rows, int numbersEach, SomeRows work) {
        inParts(rows, Math.max(1, PART / numbersEach), work);
    }

    /** So many of them at a time. */
    void inParts(int rows, int some, SomeRows work) {
        if (some >= rows) {
            work.compute(0, rows, 0);
            return;
        }
        each((rows + some - 1) / some, (part, core) -> {
            int first = part * some;
            work.compute(first, Math.min(rows, first + some), core);
        });
    }

    /** Does all parts, each once, and returns when all are done. */
    void each(int parts, Part part) {
        int others = Math.min(parts, count) - 1;
        others = others < 1 ? 0 : take(others);
        if (others == 0) {
            for (int i = 0; i < parts; i++) {
                part.compute(i, 0);
            }
            return;
        }
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> helping = new ArrayList<>();
        Throwable failure = null;
        try {
            for (int core = 1; core <= others; core++) {
                int which = core;
                helping.add(helpers.submit(() -> compute(next, parts, which, part)));
            }
            compute(next, parts, 0, part);
        } finally {
            next.set(parts);
            for (Future<?> other : helping) {
                Throwable cause = await(other);
                failure = failure == null ? cause : failure;
            }
            free.addAndGet(others);
        }
        if (failure != null) {
            throw new IllegalStateException("A part of an op failed: " + failure.getMessage(), failure);
        }
    }

    /** As many free cores as there are, at most so many. */
    private int take(int most) {
        while (true) {
            int available = free.get();
            int taken = Math.min(available, most);
            if (taken < 1) {
                return 0;
            }
            if (free.compareAndSet(available, available - taken)) {
                return taken;
            }
        }
    }

    private static void compute(AtomicInteger next, int parts, int core, Part part) {
        for (int i = next.getAndIncrement(); i < parts; i = next.getAndIncrement()) {
            part.compute(i, core);
        }
    }

    /** Waits until it has ended, and returns what it failed of, or null. An interrupt has to wait: the other core writes to tensors that the caller may close. */
    private static Throwable await(Future<?> helping) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    helping.get();
                    return null;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            return e.getCause();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
