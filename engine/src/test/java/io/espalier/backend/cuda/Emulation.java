package io.espalier.backend.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.espalier.backend.Backend;
import io.espalier.kernels.Availability;
import io.espalier.kernels.KernelLibrary;
import java.nio.file.Path;

/** The cuda backend on the emulator, for tests that need no GPU. */
public final class Emulation {
    private static final long CAPACITY = 1L << 30;

    private Emulation() {}

    /** Skips a test, by name and with the reason, where there is no emulated library. */
    public static void require() {
        Availability found = KernelLibrary.availability();
        String reason = found instanceof Availability.Unavailable unavailable ? unavailable.reason() : "";
        assumeTrue(
                found instanceof Availability.Available available && available.emulated(),
                "There is no emulated kernel library. " + reason);
    }

    /** Opens the backend on a device of its own. */
    public static Backend open() {
        return open(CAPACITY);
    }

    /** @param capacity bytes of memory */
    public static Backend open(long capacity) {
        return new CudaBackend(device(capacity));
    }

    static EmulatedDevice device(long capacity) {
        return new EmulatedDevice(
                "emulated",
                Path.of(System.getProperty(KernelLibrary.PATH_PROPERTY)).toAbsolutePath(),
                capacity);
    }
}
