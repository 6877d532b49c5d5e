package io.espalier.backend;

/** Measures how long a backend works on something; made by {@link Backend#stopwatch}. */
public interface Stopwatch extends AutoCloseable {
    /** From here, after everything that was asked for before. */
    void start();

    /** Until here, after everything that was asked for since. */
    void stop();

    /** Seconds from start to stop, having waited for both. */
    double seconds();

    @Override
    void close();

    /** By the clock on the wall, for backends that are done when they return. */
    static Stopwatch wall() {
        return new Stopwatch() {
            private long started;
            private long stopped;

            @Override
            public void start() {
                started = System.nanoTime();
            }

            @Override
            public void stop() {
                stopped = System.nanoTime();
            }

            @Override
            public double seconds() {
                return (stopped - started) / 1e9;
            }

            @Override
            public void close() {}
        };
    }
}
