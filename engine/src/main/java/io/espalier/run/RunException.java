package io.espalier.run;

/** A run directory that cannot be used as asked; the message says why and what to do, in at most two sentences. */
public final class RunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RunException(String message) {
        super(message);
    }

    public RunException(String message, Throwable cause) {
        super(message, cause);
    }
}
