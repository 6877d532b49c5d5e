package io.espalier.kernels;

import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;

/** What a GPU's own sensors say, through the management library that comes with the driver; for those who measure. */
public final class Sensors {
    private static final String MANAGEMENT = "libnvidia-ml.so.1";
    private static final int CLOCK_OF_MULTIPROCESSORS = 1;
    private static final int TEXT_BYTES = 96;

    private final long management;
    private final long device;
    private final String driverVersion;

    private Sensors(long management, long device, String driverVersion) {
        this.management = management;
        this.device = device;
        this.driverVersion = driverVersion;
    }

    /**
     * One look at them; NaN is what this GPU does not tell.
     *
     * @param clock of the multiprocessors, in MHz
     * @param highestClock that they may have, in MHz
     * @param celsius temperature
     * @param watts drawn
     */
    public record Reading(double clock, double highestClock, double celsius, double watts) {}

    /** Those of a GPU of this process, if it has any and the driver shows them. */
    public static Optional<Sensors> of(int ordinal) {
        return of(ordinal, Driver.LIBRARY, MANAGEMENT);
    }

    /** @param driver the files, or what a test puts in their places */
    static Optional<Sensors> of(int ordinal, String driver, String management) {
        if (!NativeLibraries.openingProblem(driver).isEmpty()
                || !NativeLibraries.openingProblem(management).isEmpty()) {
            return Optional.empty();
        }
        long driverLibrary = NativeLibraries.openLibrary(driver);
        long managementLibrary = NativeLibraries.openLibrary(management);
        // The management library counts GPUs that this process does not see, so that one is named by its place on the
        // bus.
        try (IntPointer handle = new IntPointer(1);
                BytePointer text = new BytePointer(TEXT_BYTES);
                LongPointer device = new LongPointer(1)) {
            boolean found = call(driverLibrary, "cuInit", 0)
                    && call(driverLibrary, "cuDeviceGet", handle.address(), ordinal)
                    && call(driverLibrary, "cuDeviceGetPCIBusId", text.address(), TEXT_BYTES, handle.get())
                    && call(managementLibrary, "nvmlInit_v2")
                    && call(managementLibrary, "nvmlDeviceGetHandleByPciBusId_v2", text.address(), device.address());
            if (!found) {
                return Optional.empty();
            }
            boolean named = call(managementLibrary, "nvmlSystemGetDriverVersion", text.address(), TEXT_BYTES);
            // Without a limit the string ends at its zero byte.
            text.limit(0);
            return Optional.of(new Sensors(managementLibrary, device.get(), named ? text.getString() : "unknown"));
        }
    }

    /** Such as 580.95.05. */
    public String driverVersion() {
        return driverVersion;
    }

    /** What they say now; takes some ten microseconds. */
    public Reading read() {
        return new Reading(
                number("nvmlDeviceGetClockInfo", CLOCK_OF_MULTIPROCESSORS),
                number("nvmlDeviceGetMaxClockInfo", CLOCK_OF_MULTIPROCESSORS),
                number("nvmlDeviceGetTemperature", 0),
                number("nvmlDeviceGetPowerUsage") / 1e3);
    }

    /** What a function of the device writes behind its other arguments. */
    private double number(String function, long... arguments) {
        try (IntPointer value = new IntPointer(1)) {
            long[] all = new long[arguments.length + 2];
            all[0] = device;
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            all[arguments.length + 1] = value.address();
            return call(management, function, all) ? value.get() : Double.NaN;
        }
    }

    /** Whether there is such a function and it succeeds. */
    private static boolean call(long library, String name, long... arguments) {
        long function = NativeLibraries.functionOf(library, name);
        long[] four = Arrays.copyOf(arguments, 4);
        return function != 0 && NativeLibraries.call(function, four[0], four[1], four[2], four[3]) == 0;
    }
}
