package io.espalier.bench;

/** Something whose times are taken, one after the other. */
interface TimeSource extends AutoCloseable {
    /** Seconds of one run, from running it as often as a sample does. */
    double sample();

    /** How many runs are in a sample. */
    int repeats();

    @Override
    void close();
}
