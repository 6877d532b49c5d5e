package io.espalier.backend;

/** Memory of one backend. Made by {@link Backend#zeros}; usable only with the backend that made it; closed by its owner. */
public interface Tensor extends AutoCloseable {
    Shape shape();

    ElementType type();

    @Override
    void close();
}
