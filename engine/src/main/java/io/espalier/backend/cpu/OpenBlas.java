package io.espalier.backend.cpu;

import static org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import io.espalier.backend.DeviceUnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * The OpenBLAS library of this process, loaded once.
 *
 * <p>JavaCPP brings and loads it; netlib calls it, because it hands over heap arrays in place where JavaCPP copies them in and
 * out. Both must mean the same file: two copies in one process share symbols and corrupt each other.
 */
final class OpenBlas {
    private static final String LIBRARY_PATH = "dev.ludovic.netlib.blas.nativeLibPath";
    private static final String LIBRARY = "libopenblas_nolapack.so.0";

    private OpenBlas() {}

    /** The library, or why it cannot be used. */
    static BLAS open() {
        try {
            return Loaded.BLAS;
        } catch (LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new DeviceUnavailableException(
                    "OpenBLAS cannot be loaded: " + cause.getMessage()
                            + ". Is this platform's openblas jar on the class path?",
                    e);
        }
    }

    /**
     * Whether it has kernels for small products: those for AVX-512 have. It cannot be asked; the launcher tells it what to take on processors where
     * its own choice is not the best, and elsewhere that choice follows the width of vectors.
     */
    static boolean hasSmallProducts() {
        String core = System.getenv("OPENBLAS_CORETYPE");
        return core == null || core.isEmpty()
                ? Lanes.WIDTH == 16
                : Set.of("skylakex", "cooperlake", "sapphirerapids").contains(core.toLowerCase(Locale.ROOT));
    }

    /** Its version, and which processor's kernels it was told to use. */
    static String description() {
        String core = System.getenv("OPENBLAS_CORETYPE");
        String kernels = core == null || core.isEmpty() ? "its own choice of kernels" : "kernels for " + core;
        try {
            return "OpenBLAS " + Loader.getVersion("org.bytedeco", "openblas") + ", " + kernels;
        } catch (IOException e) {
            return "OpenBLAS of unknown version, " + kernels;
        }
    }

    /** Class initialisation makes this happen once, before any worker is in the library. */
    private static final class Loaded {
        private static final BLAS BLAS = load();

        private static BLAS load() {
            Path binding = Path.of(Loader.load(openblas_nolapack.class));
            blas_set_num_threads(1);
            System.setProperty(LIBRARY_PATH, binding.resolveSibling(LIBRARY).toString());
            return NativeBLAS.getInstance();
        }
    }
}
