package io.espalier.kernels;

import io.espalier.kernels.Availability.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;

/**
 * The NVIDIA driver, asked through its own library. The CUDA presets cannot be asked: without a driver their classes fail to load,
 * and a class that failed once fails for good.
 *
 * @param version the newest CUDA that it serves, as CUDA counts: 13000 for 13.0; 0 if there is no driver
 * @param devices those that this process may use
 * @param problem why there are none, else empty
 */
record Driver(int version, List<Device> devices, String problem) {
    /** The driver's library, by the name that the dynamic linker knows. */
    static final String LIBRARY = "libcuda.so.1";

    private static final int ATTRIBUTE_CAPABILITY_MAJOR = 75;
    private static final int ATTRIBUTE_CAPABILITY_MINOR = 76;
    private static final int STATUS_STUB_LIBRARY = 34;
    private static final int STATUS_NO_DEVICE = 100;
    private static final int NAME_BYTES = 256;

    private static final String ADVICE = "Install NVIDIA's driver (CUDA 13 needs 580 or newer)"
            + ", or start the container with access to the GPUs.";

    /**
     * Asks a driver.
     *
     * @param file {@link #LIBRARY}, or what a test puts in its place
     */
    static Driver ask(String file) {
        String missing = NativeLibraries.openingProblem(file);
        if (!missing.isEmpty()) {
            return none(0, "There is no NVIDIA driver (" + missing + "). " + ADVICE);
        }
        Functions driver = new Functions(NativeLibraries.openLibrary(file));
        try (IntPointer number = new IntPointer(1)) {
            number.put(0);
            driver.call("cuDriverGetVersion", number.address());
            int version = number.get();
            int status = driver.call("cuInit", 0);
            if (status == 0) {
                status = driver.call("cuDeviceGetCount", number.address());
            }
            if (status == STATUS_STUB_LIBRARY) {
                return none(0, "There is no NVIDIA driver (" + file + " is the toolkit's stub). " + ADVICE);
            }
            if (status == STATUS_NO_DEVICE || (status == 0 && number.get() == 0)) {
                return none(version, "The NVIDIA driver shows no device to this process" + visibility());
            }
            if (status != 0) {
                return none(
                        version,
                        "The NVIDIA driver does not start: it returned status " + status
                                + ". Does `nvidia-smi` work? A driver that was just updated needs a reboot.");
            }
            List<Device> devices = new ArrayList<>();
            int count = number.get();
            for (int i = 0; i < count; i++) {
                devices.add(driver.device(i));
            }
            return new Driver(version, List.copyOf(devices), "");
        } catch (IllegalStateException e) {
            return none(0, "The NVIDIA driver cannot be used: " + e.getMessage() + ".");
        }
    }

    private static Driver none(int version, String problem) {
        return new Driver(version, List.of(), problem);
    }

    private static String visibility() {
        String visible = System.getenv("CUDA_VISIBLE_DEVICES");
        return visible == null
                ? ". Is one in the machine, and was the container started with access to it?"
                : ": CUDA_VISIBLE_DEVICES is \"" + visible + "\". Unset it, or name a device that exists.";
    }

    /** The functions of the driver's library by name. */
    private record Functions(long library) {
        int call(String name, long... arguments) {
            long function = NativeLibraries.functionOf(library, name);
            if (function == 0) {
                throw new IllegalStateException("it has no function " + name);
            }
            long[] four = Arrays.copyOf(arguments, 4);
            return NativeLibraries.call(function, four[0], four[1], four[2], four[3]);
        }

        Device device(int ordinal) {
            try (IntPointer handle = new IntPointer(1);
                    IntPointer major = new IntPointer(1);
                    IntPointer minor = new IntPointer(1);
                    LongPointer bytes = new LongPointer(1);
                    BytePointer name = new BytePointer(NAME_BYTES)) {
                require("cuDeviceGet", handle.address(), ordinal);
                require("cuDeviceGetName", name.address(), NAME_BYTES, handle.get());
                require("cuDeviceTotalMem_v2", bytes.address(), handle.get());
                require("cuDeviceGetAttribute", major.address(), ATTRIBUTE_CAPABILITY_MAJOR, handle.get());
                require("cuDeviceGetAttribute", minor.address(), ATTRIBUTE_CAPABILITY_MINOR, handle.get());
                // Without a limit the string ends at its zero byte.
                name.limit(0);
                return new Device(ordinal, name.getString(), 10 * major.get() + minor.get(), bytes.get());
            }
        }

        private void require(String name, long... arguments) {
            int status = call(name, arguments);
            if (status != 0) {
                throw new IllegalStateException(name + " returned status " + status);
            }
        }
    }
}
