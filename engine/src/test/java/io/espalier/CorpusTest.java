package io.espalier;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.data.AmatFuzzer;
import io.espalier.data.CifarFuzzer;
import io.espalier.data.GzipFuzzer;
import io.espalier.data.IdxFuzzer;
import io.espalier.data.NpyFuzzer;
import io.espalier.network.SafeTensorsFuzzer;
import io.espalier.run.CheckpointFuzzer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What fuzzers found worth keeping, once more: {@code ci/fuzz.sh} adds to it, and a parser of a new format adds a line here. */
class CorpusTest {
    private static final Map<String, Consumer<byte[]>> TARGETS = Map.of(
            "Idx", IdxFuzzer::fuzzerTestOneInput,
            "Gzip", GzipFuzzer::fuzzerTestOneInput,
            "Amat", AmatFuzzer::fuzzerTestOneInput,
            "Cifar", CifarFuzzer::fuzzerTestOneInput,
            "Npy", NpyFuzzer::fuzzerTestOneInput,
            "SafeTensors", SafeTensorsFuzzer::fuzzerTestOneInput,
            "Checkpoint", CheckpointFuzzer::fuzzerTestOneInput);

    @TestFactory
    Stream<DynamicTest> everyInputIsReadOrRefused() {
        return TARGETS.entrySet().stream()
                .map(target -> DynamicTest.dynamicTest(target.getKey(), () -> {
                    List<Path> inputs = inputs(target.getKey());
                    assertTrue(inputs.size() >= 2, "no corpus");
                    for (Path input : inputs) {
                        try {
                            target.getValue().accept(Files.readAllBytes(input));
                        } catch (RuntimeException | Error e) {
                            throw new AssertionError(input.toString(), e);
                        }
                    }
                }));
    }

    private static List<Path> inputs(String target) {
        try (Stream<Path> files = Files.list(Path.of("src/test/corpus", target))) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
