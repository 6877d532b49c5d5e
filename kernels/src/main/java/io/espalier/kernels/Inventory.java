package io.espalier.kernels;

import io.espalier.kernels.Availability.Device;
import io.espalier.kernels.Availability.Unavailable;
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
        parts.add(library(libraries, "cuda runtime", "libcudart.so.13", "the CUDA toolkit 13", "nvidia-cuda-runtime"));
        parts.add(library(libraries, "cublas", "libcublas.so.13", "the CUDA toolkit 13", "nvidia-cublas"));
        parts.add(library(libraries, "cudnn", "libcudnn.so.9", "cuDNN 9", "nvidia-cudnn-cu13"));
        parts.add(new Part(
                "cuda backend",
                KernelLibrary.availability() instanceof Unavailable unavailable
                        ? "not available: " + unavailable.reason()
                        : "available"));
        return parts;
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

    private static Part library(CudaLibraries libraries, String name, String file, String product, String wheel) {
        return new Part(
                name,
                libraries
                        .find(file)
                        .map(Object::toString)
                        .orElse("missing: " + file + "; install " + product + ", or `pip install " + wheel + "`"));
    }
}
