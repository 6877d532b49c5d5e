package io.espalier.data;

/** Data that cannot be used: the message names the file and says what to do, in at most two sentences. */
public final class DataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DataException(String message) {
        super(printable(message));
    }

    public DataException(String message, Throwable cause) {
        super(printable(message), cause);
    }

    /** What is quoted from a file must not write to a terminal as it likes. */
    private static String printable(String message) {
        return message.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
    }
}
