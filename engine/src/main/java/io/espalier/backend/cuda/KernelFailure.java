package io.espalier.backend.cuda;

/** The device refused to do something, or a kernel was wrong. */
final class KernelFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KernelFailure(String doing, String reason) {
        super("The device failed at " + doing + ": " + reason);
    }
}
