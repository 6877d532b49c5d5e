package io.espalier.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A class that fails to load is damaged for the rest of the process, so this test has one of its own. */
class DamagedLibraryTest {
    @Test
    void isAReasonAndTheSameOneWhenAskedAgain(@TempDir Path folder) throws IOException {
        Gxx.require();
        Path damaged = Files.writeString(folder.resolve("libespalier_kernels.so"), "no library");
        System.setProperty(KernelLibrary.PATH_PROPERTY, damaged.toString());
        Availability first = KernelLibrary.availability();
        String reason = assertInstanceOf(Availability.Unavailable.class, first).reason();
        assertTrue(reason.contains(damaged.toString()), reason);
        assertEquals(first, KernelLibrary.availability());
    }
}
