package io.espalier.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.kernels.Availability.Available;
import io.espalier.kernels.Availability.Device;
import io.espalier.kernels.Availability.Unavailable;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KernelLibraryTest {
    private static final String BUILD = "nvcc 13.0, sm_75 sm_80 compute_80";
    private static final Device OLD = new Device(0, "GeForce GTX 1080", 61, 8L << 30);
    private static final Device NEW = new Device(1, "NVIDIA H100", 90, 80L << 30);

    @AfterEach
    void forgetPath() {
        System.clearProperty(KernelLibrary.PATH_PROPERTY);
    }

    @Test
    void whatThisBuildLacksIsNamed() {
        BuildTools tools = BuildTools.read();
        Availability found = KernelLibrary.availability();
        if (tools.gxx().isEmpty()) {
            assertTrue(reason(found).contains("no g++ when it was built"), reason(found));
        } else if (tools.nvcc().isEmpty()) {
            assertTrue(reason(found).contains("no nvcc when it was built"), reason(found));
        } else if (Driver.ask(Driver.LIBRARY).version() == 0) {
            assertTrue(reason(found).startsWith("There is no NVIDIA driver"), reason(found));
        } else if (found instanceof Available available) {
            assertEquals(Kernels.espalier_build(), available.build());
        }
    }

    @Test
    void aPathThatDoesNotExistIsNamed() {
        System.setProperty(KernelLibrary.PATH_PROPERTY, "/nowhere/libespalier_kernels.so");
        assertTrue(reason(KernelLibrary.availability()).contains("/nowhere/libespalier_kernels.so"));
    }

    @Test
    void anotherVersionOfTheInterfaceIsRefused() {
        assertEquals("", KernelLibrary.versionProblem(Kernels.ESPALIER_ABI_VERSION));
        String refusal = KernelLibrary.versionProblem(Kernels.ESPALIER_ABI_VERSION + 1);
        assertTrue(refusal.contains("version " + (Kernels.ESPALIER_ABI_VERSION + 1)), refusal);
    }

    @Test
    void aDriverOfTheRightAgeServesTheDevicesThatAreYoungEnough() {
        Availability found = KernelLibrary.usable(BUILD, new Driver(13010, List.of(OLD, NEW), ""));
        assertEquals(new Available(BUILD, List.of(NEW)), found);
        assertEquals("NVIDIA H100, compute capability 9.0, 81920 MiB", NEW.describe());
    }

    @Test
    void whatIsTooOldIsNamed() {
        String device = reason(KernelLibrary.usable(BUILD, new Driver(13000, List.of(OLD), "")));
        assertTrue(device.contains("GTX 1080") && device.contains("capability 7.5"), device);
        String driver = reason(KernelLibrary.usable(BUILD, new Driver(12080, List.of(NEW), "")));
        assertTrue(driver.contains("CUDA 12.8") && driver.contains("580"), driver);
        assertEquals("gone", reason(KernelLibrary.usable(BUILD, new Driver(13000, List.of(), "gone"))));
    }

    private static String reason(Availability found) {
        return assertInstanceOf(Unavailable.class, found).reason();
    }
}
