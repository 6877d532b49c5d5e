package io.espalier.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The binding at work, on the library that needs no GPU. */
class EmulatedLibraryTest {
    @BeforeAll
    static void chooseEmulation() {
        Gxx.require();
        System.setProperty(KernelLibrary.PATH_PROPERTY, Gxx.EMULATED.toString());
    }

    @Test
    void isAvailableWithoutADevice() {
        Availability.Available available = assertInstanceOf(Availability.Available.class, KernelLibrary.availability());
        assertTrue(available.emulated());
        assertEquals("emulator", Kernels.espalier_build());
    }

    @Test
    void kernelsRunThroughTheBinding() {
        try (FloatPointer x = new FloatPointer(1, -2, 3, 0.5f, -0.25f, 7);
                FloatPointer out = new FloatPointer(6)) {
            assertEquals(0, Kernels.espalier_square(2, 3, 2, x.address(), out.address(), 0));
            for (int i = 0; i < 6; i++) {
                assertEquals(2 * x.get(i) * x.get(i), out.get(i));
            }
        }
    }

    @Test
    void badArgumentsAreRefusedAndExplained() {
        assertEquals(Kernels.ESPALIER_BAD_ARGUMENT, Kernels.espalier_square(0, 1, 1, 0, 0, 0));
        assertEquals("An argument is out of its range.", Kernels.espalier_status_text(Kernels.ESPALIER_BAD_ARGUMENT));
    }
}
