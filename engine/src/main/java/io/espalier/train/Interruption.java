package io.espalier.train;

/** Somebody wants the run to end and does not wait for what is being looked at: that is begun again when the run goes on. */
final class Interruption extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Interruption() {
        super("stopped", null, false, false);
    }
}
