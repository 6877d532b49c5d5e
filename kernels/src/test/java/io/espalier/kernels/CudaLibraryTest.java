package io.espalier.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.kernels.CudaLibraries.Opened;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Libraries that the dynamic linker does not find, played by ones with the functions of the fake driver. */
class CudaLibraryTest {
    @TempDir
    Path folder;

    @BeforeEach
    void needsACompiler() {
        Gxx.require();
    }

    @Test
    void aLibraryOutsideOfTheLinkersFoldersIsOpenedForAllWhoLinkToIt() throws IOException, InterruptedException {
        CudaLibrary library = library("libfake_found.so.1", "cuInit", "cuDeviceGet");
        assertNotEquals("", NativeLibraries.openingProblem(library.file()));
        Path file = compiled(library);
        assertEquals(new Opened(file.toString(), ""), libraries().open(library));
        assertEquals("", NativeLibraries.openingProblem(library.file()));
    }

    @Test
    void functionsThatItLacksAreNamed() throws IOException, InterruptedException {
        CudaLibrary library = library("libfake_old.so.1", "cuInit", "cuGraphOfNextYear", "cuDeviceGet", "cuOther");
        compiled(library);
        String problem = libraries().open(library).problem();
        assertTrue(problem.contains("it lacks cuGraphOfNextYear, cuOther;"), problem);
    }

    @Test
    void whatIsMissingOrDamagedIsSaid() throws IOException {
        CudaLibrary library = library("libfake_missing.so.1");
        assertEquals(
                new Opened("", "libfake_missing.so.1 is missing; install Fake 1, or `pip install fake`"),
                libraries().open(library));
        Files.writeString(folder.resolve(library.file()), "no library");
        String problem = libraries().open(library).problem();
        assertTrue(problem.startsWith(folder.resolve(library.file()) + " cannot be loaded ("), problem);
    }

    @Test
    void theRuntimeOfThisMachineHasWhatIsCalled() {
        CudaLibraries here = CudaLibraries.here();
        Opened opened = here.open(CudaLibrary.RUNTIME);
        assertTrue(
                opened.problem().isEmpty() || opened.problem().startsWith("libcudart.so.13 is missing"),
                opened.problem());
    }

    private CudaLibraries libraries() {
        return new CudaLibraries(Map.of("LD_LIBRARY_PATH", folder.toString()), folder);
    }

    private static CudaLibrary library(String file, String... functions) {
        return new CudaLibrary("fake", file, "Fake 1", "fake", List.of(functions));
    }

    private Path compiled(CudaLibrary library) throws IOException, InterruptedException {
        Path file = folder.resolve(library.file());
        Gxx.run(List.of(
                "g++",
                "-shared",
                "-fPIC",
                "-DVERSION=13000",
                "-Wl,-soname=" + library.file(),
                "-o",
                file.toString(),
                "src/test/native/fake_driver.cpp"));
        return file;
    }
}
