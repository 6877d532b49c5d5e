package io.espalier.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaLibrariesTest {
    private static final String CUBLAS = "libcublas.so.13";

    @TempDir
    Path root;

    @Test
    void theFirstFolderThatHasItWins() throws IOException {
        Map<String, String> environment = Map.of(
                "LD_LIBRARY_PATH", root + "/none::" + root + "/mine",
                "CUDA_HOME", root + "/home-of-cuda",
                "PATH", root + "/env/bin:" + root + "/usr/bin",
                "HOME", root + "/me");
        CudaLibraries libraries = new CudaLibraries(environment, root);
        assertEquals(Optional.empty(), libraries.find(CUBLAS));
        Files.createDirectories(root.resolve("usr/bin"));
        Files.createSymbolicLink(root.resolve("usr/bin/python3"), Path.of("../../opt/science/bin/python3"));
        List<Path> worstFirst = List.of(
                file("me/.local/lib/python3.12/site-packages/nvidia/cu13/lib"),
                file("opt/science/lib/python3.12/site-packages/nvidia/cu13/lib"),
                file("usr/lib/python3/dist-packages/nvidia/cublas/lib"),
                file("env/lib/python3.11/site-packages/nvidia/cu13/lib"),
                file("usr/lib64"),
                file("usr/lib/x86_64-linux-gnu"),
                file("usr/local/cuda-13.0/lib64"),
                file("usr/local/cuda/lib64"),
                file("home-of-cuda/lib64"),
                file("mine"));
        List<Path> found = new ArrayList<>();
        for (int i = worstFirst.size() - 1; i >= 0; i--) {
            found.add(0, libraries.find(CUBLAS).orElseThrow());
            Files.delete(worstFirst.get(i));
        }
        assertEquals(worstFirst, found);
    }

    private Path file(String folder) throws IOException {
        return Files.createFile(Files.createDirectories(root.resolve(folder)).resolve(CUBLAS));
    }
}
