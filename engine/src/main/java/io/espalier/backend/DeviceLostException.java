package io.espalier.backend;

/** A device no longer does anything for this process; what it worked on is lost, others may go on. */
public final class DeviceLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DeviceLostException(String message) {
        super(message);
    }
}
