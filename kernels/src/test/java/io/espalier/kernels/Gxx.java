package io.espalier.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** What tests need of a C++ compiler and of what it made. */
final class Gxx {
    /** The emulated kernel library, as the build makes it. */
    static final Path EMULATED = Path.of("target/simt/plain/libespalier_kernels.so");

    private Gxx() {}

    /** Skips the test that calls it if this build had no g++. */
    static void require() {
        boolean there = !BuildTools.read().gxx().isEmpty();
        if (!there) {
            System.out.println("Skipped: without g++ there is no binding to the kernels and no emulator");
        }
        assumeTrue(there, "there was no g++ when this was built");
    }

    /** Runs a program, which must succeed; what it said is the message if it does not. */
    static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), command + ":\n" + said);
    }
}
