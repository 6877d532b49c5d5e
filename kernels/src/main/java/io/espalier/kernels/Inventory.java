package io.espalier.kernels;

import io.espalier.kernels.Availability.Device;
import io.espalier.kernels.Availability.Unavailable;
import io.espalier.kernels.CudaLibraries.Opened;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Everything that GPU work needs, part by part: what is there, what is missing and how to get it. */
public final class Inventory {
    /** One part of it, for one line. */
    public record Part(String name, String state) {}

    private Inventory() {}

    /** The parts, in the order in which they are needed. */
    public static List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        BuildTools tools = BuildTools.read();
        parts.add(new Part("g++", compiler(tools.gxx())));
        parts.add(new Part("nvcc", compiler(tools.nvcc())));
        String problem = KernelLibrary.loadingProblem();
        parts.add(new Part("kernels", problem.isEmpty() ? Kernels.espalier_build() : "not available: " + problem));
        parts.add(new Part("gpu driver", driver(tools)));
        CudaLibraries libraries = CudaLibraries.here();
        parts.add(new Part("cuda searched", libraries.searched()));
        for (CudaLibrary library : List.of(CudaLibrary.RUNTIME, CudaLibrary.BLAS, CudaLibrary.DNN)) {
            // Without g++ there is nothing to open it with.
            parts.add(new Part(
                    library.name(), tools.gxx().isEmpty() ? found(libraries, library) : opened(libraries, library)));
        }
        parts.add(new Part("cuda backend", backend(libraries)));
        return parts;
    }

    private static String backend(CudaLibraries libraries) {
        if (KernelLibrary.availability() instanceof Unavailable unavailable) {
            return "not available: " + unavailable.reason();
        }
        String problem = libraries.open(CudaLibrary.RUNTIME).problem();
        return problem.isEmpty() ? "available" : "not available: " + problem;
    }

    private static String compiler(String version) {
        return version.isEmpty() ? "missing when this was built" : version + " when this was built";
    }

    private static String driver(BuildTools tools) {
        if (tools.gxx().isEmpty()) {
            return "unknown: without g++ this build cannot ask";
        }
        Driver driver = Driver.ask(Driver.LIBRARY);
        String cuda = "CUDA " + driver.version() / 1000 + "." + driver.version() % 1000 / 10;
        return driver.devices().isEmpty()
                ? driver.problem()
                : cuda + "; " + driver.devices().stream().map(Device::describe).collect(Collectors.joining("; "));
    }

    private static String found(CudaLibraries libraries, CudaLibrary library) {
        return libraries
                .find(library.file())
                .map(Object::toString)
                .orElse(library.file() + " is missing: " + library.advice());
    }

    private static String opened(CudaLibraries libraries, CudaLibrary library) {
        Opened opened = libraries.open(library);
        if (!opened.problem().isEmpty()) {
            return opened.problem();
        }
        int called = library.functions().size();
        return opened.file() + (called == 0 ? "" : "; it has the " + called + " functions that are called");
    }
}
