package io.espalier.bench;

/** Something that is done again and again, such as a training step. */
public interface Steps extends AutoCloseable {
    /** So many of them, done when this returns. */
    void run(int steps);

    @Override
    void close();
}
