package io.espalier.kernels;

import io.espalier.kernels.Availability.Available;
import io.espalier.kernels.Availability.Device;
import io.espalier.kernels.Availability.Unavailable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.Loader;

/** Whether the kernels of this build can run on this machine. */
public final class KernelLibrary {
    /** System property that names the library file to use instead of the one that was built in. */
    public static final String PATH_PROPERTY = "espalier.kernels";

    /** How {@code espalier_build} begins: the CUDA release, and the oldest GPU served. */
    private static final Pattern BUILD = Pattern.compile("nvcc (\\d+)\\.\\d+, sm_(\\d+)\\b.*");

    private KernelLibrary() {}

    /** Whether kernels can run here. Never throws, and touches no class that needs CUDA: a missing GPU is a value with a reason. */
    public static Availability availability() {
        String problem = loadingProblem();
        if (!problem.isEmpty()) {
            return new Unavailable(problem);
        }
        String build = Kernels.espalier_build();
        return build.startsWith(Availability.EMULATOR)
                ? new Available(build, List.of())
                : usable(build, Driver.ask(Driver.LIBRARY));
    }

    /** Loads the library that the property names, if it names one; afterwards the binding takes it for its own. */
    static void loadNamed() {
        String named = System.getProperty(PATH_PROPERTY);
        if (named != null) {
            System.load(Path.of(named).toAbsolutePath().toString());
        }
    }

    /** Why {@link Kernels} cannot be touched; empty if it can, and then it is loaded. */
    static String loadingProblem() {
        String named = System.getProperty(PATH_PROPERTY);
        if (named != null && !Files.isRegularFile(Path.of(named))) {
            return "The kernel library " + named + " (from -D" + PATH_PROPERTY + ") does not exist.";
        }
        if (!contains("libjniKernels.so")) {
            return "This build of Espalier has no binding to CUDA kernels: there was no g++ when it was built."
                    + " Install g++ and nvcc (CUDA 13), and build again.";
        }
        if (named == null && !contains("libespalier_kernels.so")) {
            return "This build of Espalier contains no CUDA kernels: there was no nvcc when it was built."
                    + " Install nvcc (CUDA 13) and build again, or name a library by -D" + PATH_PROPERTY + "=FILE.";
        }
        return Loading.PROBLEM.isEmpty() ? versionProblem(Kernels.espalier_abi_version()) : Loading.PROBLEM;
    }

    /** Why a library with this version of the interface is refused; empty if it is not. */
    static String versionProblem(int version) {
        return version == Kernels.ESPALIER_ABI_VERSION
                ? ""
                : "The kernel library has version " + version + " of the interface, this build of Espalier needs "
                        + Kernels.ESPALIER_ABI_VERSION + ": build both from the same sources.";
    }

    /** Whether a driver and its devices can run kernels that were built like this. */
    static Availability usable(String build, Driver driver) {
        if (!driver.problem().isEmpty() && driver.version() == 0) {
            return new Unavailable(driver.problem());
        }
        Matcher needs = BUILD.matcher(build);
        if (!needs.matches()) {
            return new Unavailable(
                    "The kernel library says that it was built by \"" + build + "\", which means nothing.");
        }
        int cuda = Integer.parseInt(needs.group(1));
        if (driver.version() / 1000 < cuda) {
            return new Unavailable("The NVIDIA driver serves CUDA " + driver.version() / 1000 + "."
                    + driver.version() % 1000 / 10 + ", these kernels need CUDA " + cuda
                    + ": install a newer driver (CUDA 13 needs 580 or newer).");
        }
        if (!driver.problem().isEmpty()) {
            return new Unavailable(driver.problem());
        }
        int oldest = Integer.parseInt(needs.group(2));
        List<Device> served = driver.devices().stream()
                .filter(device -> device.capability() >= oldest)
                .toList();
        return served.isEmpty()
                ? new Unavailable("The GPU is too old: "
                        + driver.devices().get(0).describe() + "; these kernels need compute capability " + oldest / 10
                        + "." + oldest % 10 + " or higher.")
                : new Available(build, served);
    }

    private static boolean contains(String file) {
        return KernelLibrary.class.getResource(Loader.getPlatform() + "/" + file) != null;
    }

    /** Loads the binding once; a class that failed to load fails differently, and says less, the second time. */
    private static final class Loading {
        static final String PROBLEM = load();

        private static String load() {
            try {
                Kernels.espalier_abi_version();
                return "";
            } catch (LinkageError e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                return "The kernel library cannot be loaded: " + cause.getMessage();
            }
        }
    }
}
