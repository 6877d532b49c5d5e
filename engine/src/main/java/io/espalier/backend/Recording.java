package io.espalier.backend;

/** Ops that can be run again and again; see {@link Backend#record}. */
public interface Recording extends AutoCloseable {
    /** Runs them once, in their order. */
    void run();

    @Override
    void close();
}
