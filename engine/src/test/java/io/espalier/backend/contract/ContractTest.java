package io.espalier.backend.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Backend;
import io.espalier.backend.ImageOps;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.reference.ReferenceBackend;
import io.espalier.data.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class ContractTest {
    private static final Set<String> MEMORY = Set.of(
            "name",
            "prefersSparse",
            "unitRoundoff",
            "close",
            "view",
            "images",
            "zeros",
            "constant",
            "write",
            "floats",
            "doubles",
            "ints",
            "bytes",
            "clear",
            "record",
            "finish",
            "stopwatch",
            "pause",
            "freeMemory");

    @TestFactory
    Stream<DynamicTest> cpuKeepsTheContract() {
        Expectations reference = Expectations.of(ReferenceBackend.open());
        Backend cpu = new CpuBackend();
        return Contract.cases().stream().collect(Collectors.groupingBy(OpCase::op)).entrySet().stream()
                .map(op -> DynamicTest.dynamicTest(op.getKey(), () -> {
                    for (OpCase question : op.getValue()) {
                        Verification.OpResult result = Verification.check(question, reference, cpu);
                        assertTrue(result.passed(), result.failure());
                    }
                }));
    }

    /** Every op is done twice and compared; nothing that is right is called wrong. */
    @TestFactory
    Stream<DynamicTest> aCheckedBackendComparesEveryOp() {
        CheckedBackend checked = new CheckedBackend(new CpuBackend(), ReferenceBackend.open());
        return Contract.cases().stream().collect(Collectors.groupingBy(OpCase::op)).entrySet().stream()
                .map(op -> DynamicTest.dynamicTest(op.getKey(), () -> {
                    for (OpCase question : op.getValue()) {
                        checked.watch(10);
                        Bench.outputs(question, checked, false);
                        Parity parity = checked.takeParity();
                        assertTrue(parity.calls() > 0, question.id());
                        assertTrue(parity.holds(), question.id() + ": " + parity);
                    }
                }));
    }

    @Test
    void aCheckedBackendStopsLookingAfterSoManySteps() {
        CheckedBackend checked = new CheckedBackend(new CpuBackend(), ReferenceBackend.open());
        List<OpCase> steps = Contract.cases().stream()
                .filter(question -> question.op().equals("batchIndices"))
                .toList();
        checked.watch(2);
        int[] compared = new int[4];
        for (int step = 0; step < compared.length; step++) {
            Bench.outputs(steps.get(step), checked, false);
            compared[step] = checked.takeParity().calls();
        }
        assertArrayEquals(new int[] {1, 1, 0, 0}, compared);
    }

    @Test
    void recordedAnswersServeAsWellAsTheReference(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("answers");
        List<OpCase> cases = Contract.cases();
        RecordedAnswers.write(file, cases, Expectations.of(ReferenceBackend.open()));
        assertTrue(Files.size(file) < 12 << 20, "the file has " + Files.size(file) + " bytes");
        Backend cpu = new CpuBackend();
        List<Verification.OpResult> live = Verification.run(cases, Expectations.of(ReferenceBackend.open()), cpu);
        List<Verification.OpResult> recorded = Verification.run(cases, RecordedAnswers.read(file), cpu);
        for (int i = 0; i < live.size(); i++) {
            assertEquals(live.get(i).op(), recorded.get(i).op());
            assertEquals(
                    live.get(i).passed(),
                    recorded.get(i).passed(),
                    recorded.get(i).failure());
            // Exact where exactness is asked; elsewhere errors are measured to 2^-13 of their bound, and bounds
            // rounded.
            double worst = live.get(i).worst();
            assertEquals(
                    worst,
                    recorded.get(i).worst(),
                    worst == 0 ? 0 : 0x1p-12 + 0x1p-15 * worst,
                    live.get(i).op());
        }
        Path unpacked = folder.resolve("unpacked");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            Files.copy(in, unpacked);
        }
        assertEquals(recorded, Verification.run(cases, RecordedAnswers.read(unpacked), cpu));
        byte[] bytes = Files.readAllBytes(file);
        for (int length : new int[] {0, 5, 100, bytes.length / 2, bytes.length - 1}) {
            Path torn = Files.write(folder.resolve("torn"), java.util.Arrays.copyOf(bytes, length));
            assertThrows(DataException.class, () -> RecordedAnswers.read(torn));
        }
    }

    @Test
    void everyOpHasCases() {
        Set<String> ops = Stream.of(Backend.class, ImageOps.class)
                .flatMap(type -> Stream.of(type.getMethods()))
                .map(Method::getName)
                .filter(name -> !MEMORY.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> asked = Contract.cases().stream().map(OpCase::op).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(ops, asked);
    }

    @Test
    void caseIdsAreUnique() {
        List<String> ids = Contract.cases().stream().map(OpCase::id).toList();
        assertEquals(ids.size(), Set.copyOf(ids).size());
    }
}
