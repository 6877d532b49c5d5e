package io.espalier.backend.cuda;

/** The device refused to do something, or failed at it. */
final class KernelFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KernelFailure(String doing, String reason) {
        super("The device failed at " + doing + ": " + reason);
    }

    /** Does nothing if a kernel's status says so. */
    static void check(KernelDevice device, String op, int status) {
        if (status != 0) {
            throw new KernelFailure(op, device.statusText(status));
        }
    }
}
