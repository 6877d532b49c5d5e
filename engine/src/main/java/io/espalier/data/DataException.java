package io.espalier.data;

/** Data that cannot be used: the message names the file and says what to do, in at most two sentences. */
public final class DataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
