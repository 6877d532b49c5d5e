package io.espalier.kernels;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the native kernel library is looked for, and what was found. */
public final class KernelLibrary {
    /** System property that names the library file to use. */
    public static final String PATH_PROPERTY = "espalier.kernels";

    private KernelLibrary() {}

    /** Whether GPU kernels can run here. Never throws and never loads CUDA: a missing GPU is a value with a reason. */
    public static Availability availability() {
        String named = System.getProperty(PATH_PROPERTY);
        if (named == null) {
            return new Availability.Unavailable("This build of Espalier contains no CUDA kernels.");
        }
        if (!Files.isRegularFile(Path.of(named))) {
            return new Availability.Unavailable(
                    "The kernel library " + named + " (from -D" + PATH_PROPERTY + ") does not exist.");
        }
        return new Availability.Unavailable(
                "The kernel library " + named + " exists, but this build of Espalier has no binding to it.");
    }
}
