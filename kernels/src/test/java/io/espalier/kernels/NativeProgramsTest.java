package io.espalier.kernels;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tests that need no JVM: each kernel against plain loops, emulated, and what the race checker must find. */
class NativeProgramsTest {
    @ParameterizedTest
    @ValueSource(strings = {"plain/kernel-driver", "race/kernel-driver", "race/canaries"})
    void pass(String program) throws IOException, InterruptedException {
        Gxx.require();
        Gxx.run(List.of("target/simt/" + program));
    }
}
