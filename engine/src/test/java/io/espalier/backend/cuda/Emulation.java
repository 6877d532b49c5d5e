package io.espalier.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.espalier.backend.Backend;
import io.espalier.kernels.Availability.Available;
import io.espalier.kernels.BuildTools;
import io.espalier.kernels.KernelLibrary;
import java.nio.file.Path;

/** The cuda backend on the emulator, for tests that need no GPU. */
public final class Emulation {
    private static final long CAPACITY = 1L << 30;

    private Emulation() {}

    /** Skips the test that calls it, and says so, if this build had no g++; with g++ there must be an emulated library. */
    public static void require() {
        if (BuildTools.read().gxx().isEmpty()) {
            System.out.println("Skipped: without g++ there are no emulated kernels");
            assumeTrue(false, "there was no g++ when this was built");
        }
        Available found = assertInstanceOf(Available.class, KernelLibrary.availability());
        assertTrue(found.emulated(), found.build());
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
