package io.espalier.backend.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that share out the parts of an op. Which thread does which part is left open; what a part computes must not depend on it. */
final class Cores implements AutoCloseable {
    private final int count;
    private final ExecutorService helpers;

    /** Does one part of several. */
    @FunctionalInterface
    interface Part {
        /**
         * @param part which
         * @param core of the thread that does it, 0 to {@link Cores#count()} - 1: for scratch
         */
        void compute(int part, int core);
    }

    /** @param count threads, the calling one among them */
    Cores(int count) {
        this.count = count;
        helpers = count == 1
                ? null
                : Executors.newFixedThreadPool(count - 1, task -> {
                    Thread thread =
                            new Thread(task, "core of " + Thread.currentThread().getName());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    int count() {
        return count;
    }

    /** Does all parts, each once, and returns when all are done. */
    void each(int parts, Part part) {
        int threads = Math.min(count, parts);
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> others = new ArrayList<>();
        for (int core = 1; core < threads; core++) {
            int which = core;
            others.add(helpers.submit(() -> take(next, parts, which, part)));
        }
        try {
            take(next, parts, 0, part);
        } finally {
            next.set(parts);
            for (Future<?> other : others) {
                await(other);
            }
        }
    }

    private static void take(AtomicInteger next, int parts, int core, Part part) {
        for (int i = next.getAndIncrement(); i < parts; i = next.getAndIncrement()) {
            part.compute(i, core);
        }
    }

    private static void await(Future<?> other) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    other.get();
                    return;
                } catch (InterruptedException e) {
                    // The other thread writes to tensors that the caller may close: it has to end first.
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "A part of an op failed: " + e.getCause().getMessage(), e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        if (helpers != null) {
            helpers.shutdown();
        }
    }
}
