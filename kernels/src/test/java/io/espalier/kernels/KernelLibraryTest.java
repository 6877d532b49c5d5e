package io.espalier.kernels;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KernelLibraryTest {
    @AfterEach
    void forgetPath() {
        System.clearProperty(KernelLibrary.PATH_PROPERTY);
    }

    @Test
    void aBuildWithoutKernelsSaysSo() {
        assertTrue(reason().contains("no CUDA kernels"), reason());
    }

    @Test
    void aPathThatDoesNotExistIsNamed() {
        System.setProperty(KernelLibrary.PATH_PROPERTY, "/nowhere/libespalier_kernels.so");
        assertTrue(reason().contains("/nowhere/libespalier_kernels.so"), reason());
    }

    private static String reason() {
        return assertInstanceOf(Availability.Unavailable.class, KernelLibrary.availability())
                .reason();
    }
}
