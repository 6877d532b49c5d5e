package io.espalier.backend.contract;

import java.util.function.Consumer;

/**
 * One question to an op.
 *
 * @param op the method of {@link io.espalier.backend.Backend}
 * @param label shapes and circumstances; with the op it identifies the case and seeds its inputs
 * @param tolerance how far the answers may be off
 * @param body feeds inputs, calls the op, names the outputs
 */
public record OpCase(String op, String label, Tolerance tolerance, Consumer<Bench> body) {
    /** What messages and recordings call this case. */
    public String id() {
        return op + " " + label;
    }
}
