package io.espalier.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sensors played by libraries with the functions of the real ones. */
class SensorsTest {
    @TempDir
    Path folder;

    @BeforeEach
    void needsACompiler() {
        Gxx.require();
    }

    @Test
    void aGpuTellsItsClockTemperatureAndPower() throws IOException, InterruptedException {
        Sensors sensors = of(0).orElseThrow();
        assertEquals(new Sensors.Reading(1350, 1980, 51, 412.5), sensors.read());
        assertEquals("580.95.05", sensors.driverVersion());
    }

    @Test
    void whatAGpuDoesNotTellIsNotANumber() throws IOException, InterruptedException {
        Sensors.Reading reading = of(0, "WITHOUT_POWER").orElseThrow().read();
        assertEquals(new Sensors.Reading(1350, 1980, 51, Double.NaN), reading);
    }

    /** The second GPU of the driver is on a place of the bus that the management library does not know. */
    @Test
    void anotherGpusSensorsAreNotRead() throws IOException, InterruptedException {
        assertEquals(Optional.empty(), of(1));
    }

    @Test
    void withoutTheLibrariesThereAreNone() {
        assertTrue(Sensors.of(0, "libno_such_driver.so.1", "libno_such_sensors.so.1")
                .isEmpty());
    }

    private Optional<Sensors> of(int ordinal, String... definitions) throws IOException, InterruptedException {
        return Sensors.of(
                ordinal,
                built("fake_driver.cpp", "VERSION=13000", "DEVICES=2"),
                built("fake_management.cpp", definitions));
    }

    private String built(String source, String... definitions) throws IOException, InterruptedException {
        Path library = folder.resolve(source + ".so");
        List<String> command = new ArrayList<>(List.of("g++", "-shared", "-fPIC", "-o", library.toString()));
        for (String definition : definitions) {
            command.add("-D" + definition);
        }
        command.add("src/test/native/" + source);
        Gxx.run(command);
        return library.toString();
    }
}
