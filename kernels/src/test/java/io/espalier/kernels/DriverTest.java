package io.espalier.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.kernels.Availability.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The states of a driver, played by a library with the functions of the real one. */
class DriverTest {
    @TempDir
    Path folder;

    @BeforeEach
    void needsACompiler() {
        Gxx.require();
    }

    @Test
    void devicesAreDescribed() throws IOException, InterruptedException {
        Driver driver = fake("VERSION=13020", "DEVICES=2");
        assertEquals("", driver.problem());
        assertEquals(13020, driver.version());
        assertEquals(
                List.of(new Device(0, "Fake 0", 61, 100L << 30), new Device(1, "Fake 1", 71, 100L << 30)),
                driver.devices());
    }

    @Test
    void noDriverIsSaid() {
        Driver driver = Driver.ask("libno_such_driver.so.1");
        assertEquals(0, driver.version());
        assertTrue(driver.problem().startsWith("There is no NVIDIA driver (libno_such_driver.so.1"), driver.problem());
    }

    @Test
    void theToolkitsStubIsNoDriver() throws IOException, InterruptedException {
        Driver driver = fake("VERSION=13000", "STATUS=34");
        assertEquals(0, driver.version());
        assertTrue(driver.problem().contains("stub"), driver.problem());
    }

    @Test
    void noVisibleDeviceIsSaid() throws IOException, InterruptedException {
        for (Driver driver : List.of(fake("VERSION=13000", "STATUS=100"), fake("VERSION=13000", "DEVICES=0"))) {
            assertEquals(13000, driver.version());
            assertTrue(driver.problem().contains("no device"), driver.problem());
        }
    }

    @Test
    void aDriverThatDoesNotStartIsNamedByItsStatus() throws IOException, InterruptedException {
        Driver driver = fake("VERSION=13000", "STATUS=803");
        assertTrue(driver.problem().contains("803"), driver.problem());
    }

    @Test
    void aLibraryThatIsNoDriverIsSaid() throws IOException, InterruptedException {
        Driver driver = fake("VERSION=13000", "WITHOUT_MEMORY");
        assertTrue(driver.problem().contains("cuDeviceTotalMem_v2"), driver.problem());
    }

    private Driver fake(String... definitions) throws IOException, InterruptedException {
        Path library = folder.resolve(String.join("-", definitions) + ".so");
        List<String> command = new ArrayList<>(List.of("g++", "-shared", "-fPIC", "-o", library.toString()));
        for (String definition : definitions) {
            command.add("-D" + definition);
        }
        command.add("src/test/native/fake_driver.cpp");
        Gxx.run(command);
        return Driver.ask(library.toString());
    }
}
