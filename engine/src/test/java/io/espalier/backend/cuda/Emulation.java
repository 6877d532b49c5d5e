package io.espalier.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.espalier.backend.Backend;
import io.espalier.backend.cuda.EmulatedDevice.Traits;
import io.espalier.kernels.Availability.Available;
import io.espalier.kernels.BuildTools;
import io.espalier.kernels.KernelLibrary;
import java.nio.file.Path;

/** The cuda backend on the emulator, for tests that need no GPU. */
public final class Emulation {
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

    /** Whether this build had the g++ that makes emulated kernels. */
    public static boolean isBuilt() {
        return !BuildTools.read().gxx().isEmpty();
    }

    /** The backend on a device of its own. */
    public static Backend open() {
        return new CudaBackend(device(Traits.GOOD));
    }

    /** On one with so many bytes of memory. */
    public static Backend withMemory(long bytes) {
        return new CudaBackend(device(new Traits(bytes, bytes, Long.MAX_VALUE)));
    }

    /** On one that says it has more memory than that. */
    public static Backend withLessMemoryThanItSays(long bytes) {
        return new CudaBackend(device(new Traits(bytes, 1L << 30, Long.MAX_VALUE)));
    }

    /** On one that is lost after so many commands. */
    public static Backend lostAfter(long commands) {
        return new CudaBackend(device(new Traits(1L << 30, 1L << 30, commands)));
    }

    static EmulatedDevice device(Traits traits) {
        Path library = Path.of(System.getProperty(KernelLibrary.PATH_PROPERTY));
        return new EmulatedDevice("emulated", library.toAbsolutePath(), traits);
    }
}
