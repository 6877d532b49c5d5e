package io.espalier.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.reference.ReferenceBackend;
import io.espalier.network.SafeTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training beside PyTorch, which is played by a shell script that speaks as {@code lenet_step.py} does. */
class TrainBenchTest {
    private static final StoppingRule SHORT = new StoppingRule(2, 0, 1, 0.05);

    @TempDir
    private Path folder;

    /** Answers with these losses; a way called broken fails, one called wrong has another loss. */
    private Path script(double[] losses) throws IOException {
        return Files.writeString(
                folder.resolve("script"),
                """
                test -s "$1" || exit 1
                echo '{"torch": "9.9", "device": "a '$2'", "ways": [{"name": "eager", "precision": "FP32"}, \
                {"name": "vmap graph tf32", "precision": "TF32"}, {"name": "wrong", "precision": "FP32"}, \
                {"name": "broken", "precision": "FP32"}]}'
                while read -r order; do
                  case "$order" in
                    "open 1 eager") echo '{"number": 0, "steps": 17, "losses": [%s, %s]}' ;;
                    "open 1 vmap graph tf32") echo '{"number": 1, "steps": 469, "losses": [%s, %s]}' ;;
                    "open 1 wrong") echo '{"number": 2, "steps": 10, "losses": [%s, 2.5]}' ;;
                    "open 1 broken") echo '{"problem": "RuntimeError: no"}' ;;
                    "sample 0") echo '{"seconds": 0.25}' ;;
                    "sample 1") echo '{"seconds": 0.125}' ;;
                    close*) echo '{"closed": 0}' ;;
                    *) echo '{"problem": "what is '"$order"'"}' ;;
                  esac
                done
                """
                        .formatted(losses[0], losses[1], 1.001 * losses[0], losses[1], losses[0]));
    }

    private static List<Result> measured(Rig rig, String python, Path script) {
        return new TrainBench(rig, Oracle.reference(ReferenceBackend.open()), SHORT, Budget.unlimited(), line -> {})
                .measured(List.of(1), python, script);
    }

    @Test
    void whoeverGivesTheRightLossesIsTimed() throws IOException {
        Path script = script(Answers.of(TrainingProblem.LENET_300_100, ReferenceBackend.open(), 1));
        try (Rig rig = Rig.cpu(new CpuBackend(), 1 << 16)) {
            List<Result> results = measured(rig, "sh", script);
            assertEquals(
                    List.of("espalier", "torch eager", "torch vmap graph tf32", "torch wrong", "torch broken"),
                    results.stream().map(Result::candidate).toList());
            assertEquals(
                    List.of("RIGHT", "RIGHT", "RIGHT", "WRONG", "FAILED"),
                    results.stream()
                            .map(result -> result.verdict().state().name())
                            .collect(Collectors.toList()));
            assertTrue(results.get(0).median(Mode.WARM) > 0);
            assertEquals(0.25, results.get(1).median(Mode.WARM));
            assertEquals(17, results.get(1).warm().repeats());
            assertEquals(0.125, results.get(2).median(Mode.WARM));
            assertNull(results.get(3).warm());
            assertTrue(results.get(3).verdict().reason().startsWith("answer 2 of 2 is 2.5 instead of "));
            assertEquals("RuntimeError: no", results.get(4).verdict().reason());
            assertEquals("9.9 on a cpu", rig.facts().get("torch"));
            // 2 (3 x 266,200 - 235,200) operations for each of 128 examples.
            assertEquals(
                    2.0 * 128 * (3 * 266_200 - 235_200), results.get(0).useful().flops());
        }
    }

    @Test
    void withoutTorchThereIsOurs() throws IOException {
        Path silent = Files.writeString(folder.resolve("silent"), "echo 'No module named torch' >&2; exit 1");
        for (String python : List.of("sh", folder.resolve("no-python").toString())) {
            try (Rig rig = Rig.cpu(new CpuBackend(), 1 << 16)) {
                List<Result> results = measured(rig, python, silent);
                assertEquals(1, results.size());
                assertNotNull(results.get(0).warm());
                String fact = rig.facts().get("torch");
                assertTrue(fact.startsWith("missing: "), fact);
                assertTrue(fact.contains(python.equals("sh") ? "No module named torch" : "cannot be run"), fact);
            }
        }
    }

    @Test
    void manyMembersHaveTheLossesOfOne() {
        double[] one = Answers.of(TrainingProblem.LENET_300_100, new CpuBackend(), 1);
        assertArrayEquals(one, Answers.of(TrainingProblem.LENET_300_100, new CpuBackend(), 3));
        assertArrayEquals(Answers.of(TrainingProblem.LENET_300_100, ReferenceBackend.open(), 1), one, 1e-6);
        assertTrue(one[1] < one[0], "a step downhill");
    }

    @Test
    void theProblemIsAFileThatOthersCanRead() {
        SafeTensors file = SafeTensors.parse(TrainingProblem.LENET_300_100.file(), "problem");
        assertEquals(
                List.of("layers.0.weight", "layers.1.weight", "layers.2.weight", "inputs", "labels"),
                file.entries().stream().map(SafeTensors.Entry::name).toList());
        assertEquals(List.of(300, 784), file.entries().get(0).shape());
        assertEquals(List.of(128, 784), file.entries().get(3).shape());
    }
}
