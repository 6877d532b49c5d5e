package io.espalier.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.DeviceUnavailableException;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.cuda.CudaBackend;
import io.espalier.backend.cuda.Emulation;
import io.espalier.backend.cuda.peers.Cublas;
import io.espalier.backend.cuda.peers.FakeLibraries;
import io.espalier.backend.reference.ReferenceBackend;
import io.espalier.bench.Candidate.Prepared;
import io.espalier.bench.Grid.Layer;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.NetworkSpec;
import io.espalier.run.BackendKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gate, turns and times, on processors and on an emulated device with cuBLAS and cuSPARSE played by plain loops. */
class KernelBenchTest {
    private static final StoppingRule SHORT = new StoppingRule(2, 0, 1, 0.01);
    private static final Grid TINY =
            new Grid(List.of(new Layer(7, 13), new Layer(33, 64)), List.of(5), List.of(1, 3), List.of(0.8), List.of(8));

    @TempDir
    private Path folder;

    private static KernelBench bench(Rig rig, Budget budget) {
        return new KernelBench(rig, Oracle.reference(ReferenceBackend.open()), SHORT, budget, line -> {});
    }

    private static Rig cpu() {
        return Rig.cpu(new CpuBackend(), 1 << 16);
    }

    /** An emulated device with peers. */
    private Rig emulated() {
        Emulation.require();
        CudaBackend backend = (CudaBackend) Emulation.open();
        Rig rig = Rig.of(backend, true, 32);
        FakeLibraries libraries = new FakeLibraries(folder);
        rig.add(libraries.cublas(backend, Cublas.Math.FP32), libraries.cublas(backend, Cublas.Math.TF32));
        rig.add(libraries.cusparse(backend));
        return rig;
    }

    private static void assertAllRight(List<Result> results) {
        for (Result result : results) {
            String what = result.op() + " by " + result.candidate() + " at " + result.size();
            assertTrue(
                    result.verdict().isRight(), what + ": " + result.verdict().reason());
            assertTrue(result.verdict().worst() <= 1 && result.verdict().compared() > 0, what + result.verdict());
            for (Mode mode : Mode.values()) {
                assertTrue(result.median(mode) > 0, what);
                assertTrue(result.timing(mode).summary().samples() >= 1, what);
            }
        }
    }

    @Test
    void everyCandidateOfTheCudaBackendPassesTheGateOnAnEmulatedDevice() {
        try (Rig rig = emulated()) {
            long free = rig.backend().freeMemory();
            List<Result> results =
                    bench(rig, Budget.unlimited()).measured(TINY, EnumSet.complementOf(EnumSet.of(Family.STEP)));
            assertAllRight(results);
            Set<String> candidates = results.stream().map(Result::candidate).collect(Collectors.toSet());
            assertEquals(
                    Set.of(
                            "espalier",
                            "cublas fp32",
                            "cublas tf32",
                            "espalier sparse",
                            "espalier dense",
                            "cusparse csr_alg1",
                            "cusparse csr_alg2",
                            "cusparse csr_alg3",
                            "cusparse transposing",
                            "cusparse by columns csr_alg2",
                            "cusparse sddmm",
                            "espalier hashed",
                            "espalier both",
                            "espalier dense gradient alone",
                            "espalier dense twice",
                            "cublas fp32 twice",
                            "cublas tf32 twice"),
                    candidates);
            results.forEach(result -> assertTrue(result.callSeconds() > 0, result.toString()));
            // What flushes the cache stays.
            assertEquals(
                    free - 2 * rig.cacheBytes(), rig.backend().freeMemory(), "bytes free after everything is closed");
        }
    }

    @Test
    void everyCandidateOfTheCpuBackendPassesTheGate() {
        try (Rig rig = cpu()) {
            List<Result> results =
                    bench(rig, Budget.unlimited()).measured(TINY, EnumSet.complementOf(EnumSet.of(Family.STEP)));
            assertAllRight(results);
            results.forEach(result -> assertTrue(Double.isNaN(result.callSeconds()), result.toString()));
        }
    }

    /** A network small enough for the emulator, with a layer that the fixed rule trains sparse. */
    private static List<Workload> steps() {
        NetworkSpec spec = new NetworkSpec(
                List.of(64, 70, 10), Activation.RELU, Activation.LINEAR, Loss.SOFTMAX, Initialization.HE);
        StepWorkloads steps = new StepWorkloads("64-70-10", spec, 5, 2, 100);
        return List.of(steps.dense(), steps.sparse(0.9), steps.hashed(8), steps.curvature());
    }

    @Test
    void wholeStepsAreThoseOfTheReference() {
        for (Rig rig : List.of(emulated(), cpu())) {
            try (rig) {
                List<Result> results = bench(rig, Budget.unlimited()).all(steps(), true);
                assertAllRight(results);
                assertEquals(7, results.size());
            }
        }
    }

    /** The dense forward product with one candidate more. */
    private static Workload with(Rig rig, Candidate more) {
        Workload dense = DenseWorkloads.of(rig, Size.dense(7, 13, 5, 11)).get(0);
        List<Candidate> candidates = new ArrayList<>(dense.candidates());
        candidates.add(more);
        return new Workload(
                dense.op(), dense.size(), dense.useful(), dense.tolerance(), dense.definition(), candidates);
    }

    private static Candidate candidate(Precision precision, Candidate.Setup setup) {
        return new Candidate("another", Role.PEER, precision, new Work(1, 1), setup);
    }

    private static Prepared forward(Operands operands, Runnable after) {
        Size size = Size.dense(7, 13, 5, 11);
        Prepared right =
                DenseOp.FORWARD.prepared(operands, size, DenseOp.plain(size), DenseOp.FORWARD.by(operands.backend()));
        return new Prepared(
                () -> {
                    right.run().run();
                    after.run();
                },
                "z");
    }

    private static Result last(Candidate candidate) {
        try (Rig rig = cpu()) {
            List<Result> results = bench(rig, Budget.unlimited()).all(List.of(with(rig, candidate)), true);
            assertAllRight(results.subList(0, results.size() - 1));
            return results.get(results.size() - 1);
        }
    }

    private static void assertNoTime(Result result, Verdict.State state, String reason) {
        assertEquals(state, result.verdict().state());
        assertTrue(result.verdict().reason().contains(reason), result.verdict().reason());
        assertNull(result.cold());
        assertNull(result.warm());
    }

    /** Changes one number of one member's answer. */
    private static Candidate off(int member, int index, float by) {
        return candidate(
                Precision.FP32,
                operands -> forward(operands, () -> {
                    Backend backend = operands.backend();
                    float[] values = backend.floats(operands.output("z", 7, 5), member);
                    values[index] += by;
                    backend.write(operands.output("z", 7, 5), member, values);
                }));
    }

    @Test
    void aWrongNumberCostsTheTime() {
        assertNoTime(last(off(0, 34, 1e-3f)), Verdict.State.WRONG, "z[34] of member 0 is ");
        assertNoTime(last(off(10, 0, 1e-3f)), Verdict.State.WRONG, "z[0] of member 10 is ");
    }

    /** Eleven members are not all compared, but none may be left out by a candidate. */
    @Test
    void aMissingNumberCostsTheTimeInEveryMember() {
        for (int member = 0; member < 11; member++) {
            assertNoTime(
                    last(off(member, 17, Float.NaN)), Verdict.State.WRONG, "z[17] of member " + member + " is NaN");
        }
    }

    /** Nobody inherits the answer of the candidate before. */
    @Test
    void doingNothingIsWrong() {
        Candidate idle = candidate(Precision.FP32, operands -> new Prepared(() -> {}, "z"));
        assertNoTime(last(idle), Verdict.State.WRONG, "z[0] of member 0 is NaN");
    }

    /** An error that TF32 may make, and float32 may not. */
    @Test
    void theBoundIsThatOfThePrecision() {
        Candidate.Setup rough = operands -> forward(operands, () -> {
            Backend backend = operands.backend();
            float[] values = backend.floats(operands.output("z", 7, 5), 0);
            values[3] += 1e-4f;
            backend.write(operands.output("z", 7, 5), 0, values);
        });
        assertNoTime(last(candidate(Precision.FP32, rough)), Verdict.State.WRONG, "z[3]");
        Result asTf32 = last(candidate(Precision.TF32, rough));
        assertTrue(asTf32.verdict().isRight(), asTf32.verdict().reason());
        assertNotNull(asTf32.warm());
    }

    /** The bundle has no ND4J: there a GPU answers to the processors. */
    @Test
    void withoutTheReferenceProcessorsSayWhatIsRight() {
        Function<BackendKind, Backend> open = kind -> {
            if (kind == BackendKind.REFERENCE) {
                throw new DeviceUnavailableException("there is no ND4J");
            }
            return new CpuBackend();
        };
        assertThrows(DeviceUnavailableException.class, () -> Oracle.of(BackendKind.CPU, open), "nobody checks himself");
        try (Rig rig = emulated();
                Oracle oracle = Oracle.of(BackendKind.CUDA, open)) {
            KernelBench bench = new KernelBench(rig, oracle, SHORT, Budget.unlimited(), line -> {});
            List<Workload> workloads = new ArrayList<>(TINY.workloads(rig, EnumSet.of(Family.DENSE, Family.HASHED)));
            workloads.addAll(steps());
            workloads.add(with(rig, off(0, 34, 1e-3f)));
            List<Result> results = bench.all(workloads, true);
            Result wrong = results.remove(results.size() - 1);
            assertAllRight(results);
            assertNoTime(wrong, Verdict.State.WRONG, "z[34] of member 0 is ");
            assertEquals(
                    "backend cpu in float32, its own bound added, for want of ND4J",
                    rig.facts().get("answers from"));
        }
    }

    @Test
    void whatALibraryRefusesIsARowWithoutATime() {
        Candidate refusing = candidate(Precision.FP32, operands -> {
            throw new IllegalStateException("cuSPARSE refused: operation not supported");
        });
        assertNoTime(last(refusing), Verdict.State.FAILED, "operation not supported");
    }

    @Test
    void aSpentBudgetLeavesRowsWithoutTimes() {
        try (Rig rig = cpu()) {
            List<Result> results = bench(rig, Budget.of(0)).measured(TINY, EnumSet.of(Family.DENSE));
            assertEquals(12, results.size());
            results.forEach(result -> assertNoTime(result, Verdict.State.SKIPPED, "budget"));
        }
    }

    @Test
    void checkingAloneTakesNoTimes() {
        try (Rig rig = cpu()) {
            for (Result result : bench(rig, Budget.unlimited()).checked(TINY, EnumSet.of(Family.SPARSE))) {
                assertTrue(result.verdict().isRight());
                assertNull(result.warm());
            }
        }
    }

    @Test
    void roofsAreMeasured() {
        try (Rig rig = emulated()) {
            Roofs roofs = bench(rig, Budget.unlimited()).roofs();
            assertTrue(
                    roofs.fp32() > 0 && roofs.tf32() > 0 && roofs.memory() > 0 && roofs.cache() > 0, roofs.toString());
        }
        // Half a second for a billion operations at two billion a second, and for as many bytes at four.
        Roofs roofs = new Roofs(2e9, 8e9, 4e9, 16e9);
        assertEquals(0.5, roofs.share(new Work(1e9, 1e9), Precision.FP32, Mode.COLD, 1));
        assertEquals(0.25, roofs.share(new Work(1e9, 1e9), Precision.TF32, Mode.COLD, 1));
        assertEquals(0.125, roofs.share(new Work(1e9, 1e9), Precision.TF32, Mode.WARM, 1));
    }
}
