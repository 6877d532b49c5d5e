package io.espalier.bench;

import io.espalier.kernels.Sensors;
import io.espalier.run.Build;
import io.espalier.run.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What somebody else has to know to get the same times, by name. */
public final class Environment {
    private static final Path LOAD = Path.of("/proc/loadavg");

    private Environment() {}

    /** @param command as it was typed */
    public static Map<String, String> of(Build build, String command, Rig rig) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("command", command);
        facts.put("espalier", build.version());
        facts.put("git_commit", build.commit());
        facts.put("git_dirty", build.dirty());
        // Facts are gathered when everything is measured.
        ProcessHandle.current()
                .info()
                .startInstant()
                .ifPresent(instant -> facts.put(
                        "started", instant.truncatedTo(ChronoUnit.SECONDS).toString()));
        facts.putAll(rig.facts());
        rig.sensed().ifPresent(reading -> facts.put("sensors", text(reading)));
        facts.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        facts.put(
                "os",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        facts.put("cpu", Provenance.cpuModel());
        facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("load", load());
        return facts;
    }

    private static String text(Sensors.Reading reading) {
        return String.format(
                Locale.ROOT,
                "%.0f of %.0f MHz, %.0f degrees, %.0f W",
                reading.clock(),
                reading.highestClock(),
                reading.celsius(),
                reading.watts());
    }

    /** How busy the machine is; on Linux. */
    private static String load() {
        try {
            return Files.readString(LOAD).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
