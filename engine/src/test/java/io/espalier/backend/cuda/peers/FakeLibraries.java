package io.espalier.backend.cuda.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.espalier.backend.cuda.CudaBackend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** cuBLAS and cuSPARSE played by plain loops, on the memory of an emulated device: what they compute is right if they are asked right. */
public final class FakeLibraries {
    private final Path folder;

    /** @param folder where they are built */
    public FakeLibraries(Path folder) {
        this.folder = folder;
    }

    /** Opens the first. */
    public Cublas cublas(CudaBackend backend, Cublas.Math math) {
        return Cublas.open(built("fake_cublas"), backend, math);
    }

    /** Opens it for training in TF32. */
    public Cublas tensorCores(CudaBackend backend) {
        return Cublas.tensorCores(built("fake_cublas"), backend);
    }

    /** Tries to open one that says it cannot start. */
    public Cublas refusing(CudaBackend backend) {
        return Cublas.tensorCores(built("fake_cublas", "-DREFUSES_TO_START"), backend);
    }

    /** Opens the second. */
    public Cusparse cusparse(CudaBackend backend) {
        return Cusparse.open(built("fake_cusparse"), backend);
    }

    private Path built(String name, String... flags) {
        Path library = folder.resolve(name + ".so");
        List<String> command = new ArrayList<>(List.of(
                "g++", "-O1", "-shared", "-fPIC", "-o", library.toString(), "src/test/native/" + name + ".cpp"));
        command.addAll(List.of(flags));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), command + ":\n" + said);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(command + " cannot be run", e);
        }
        return library;
    }
}
