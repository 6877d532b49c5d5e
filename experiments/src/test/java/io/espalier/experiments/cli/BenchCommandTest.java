package io.espalier.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.espalier.bench.BenchCsv;
import io.espalier.bench.BenchJson;
import io.espalier.bench.BenchReport;
import io.espalier.bench.Result;
import io.espalier.bench.Summary;
import io.espalier.bench.Timing;
import io.espalier.run.BackendKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The benchmarks from the command line, on small layers of the cpu backend. */
class BenchCommandTest {
    @TempDir
    private Path folder;

    private StringWriter out;
    private StringWriter err;

    @BeforeEach
    void freshOutput() {
        out = new StringWriter();
        err = new StringWriter();
    }

    private int run(String... arguments) {
        CommandLine line = Espalier.commandLine(new Services());
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }

    /** Tests are built without libtorch. */
    @Test
    void libtorchIsAskedForWhereItIsNot() {
        assertComplaint(
                "`mvn -Ppeers -DskipTests package`",
                run("bench", "train", "--peers", "--backend", "cpu"),
                ExitCode.UNAVAILABLE);
        assertComplaint(
                "not `784`",
                run("bench", "train", "--peers", "--networks", "784", "--backend", "cpu"),
                ExitCode.BAD_INPUT);
        assertComplaint("--peers", run("bench", "train", "--quick"), ExitCode.BAD_INPUT);
    }

    private int tiny(String... more) {
        return on("cpu", more);
    }

    private int on(String backend, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("bench", "kernels", "--only", "dense,sparse", "--layers", "7x13,33x64", "--batches", "5"));
        arguments.addAll(List.of("--sparsities", "80", "--min-samples", "2", "--min-time", "0", "--timeout", "0.01"));
        arguments.addAll(List.of("--backend", backend));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    /** One or two sentences, no stack trace. */
    private void assertComplaint(String contains, int code, int expected) {
        assertEquals(expected, code, err.toString());
        assertTrue(err.toString().contains(contains), err.toString());
        assertFalse(err.toString().contains("\tat "), err.toString());
    }

    @Test
    void kernelsAreCheckedMeasuredAndWritten() throws IOException {
        Path csv = folder.resolve("rows.csv");
        Path json = folder.resolve("report.json");
        Path figures = folder.resolve("figures");
        assertEquals(
                ExitCode.DONE,
                tiny("--csv", csv.toString(), "--json", json.toString(), "--figures", figures.toString()),
                err.toString());
        String roofline = Files.readString(figures.resolve("roofline.svg"));
        for (String part : List.of("<svg", "GFLOP/s, useful", "Espalier", "roof, from memory")) {
            assertTrue(roofline.contains(part), part);
        }
        String breakEven = Files.readString(figures.resolve("break-even.svg"));
        assertTrue(breakEven.contains("sparseLinear 33x64, batch 5"), "ours beside OpenBLAS");
        List<String> lines = out.toString().lines().toList();
        assertTrue(lines.get(0).startsWith("op "), lines.get(0));
        // Three ops of two layers: one candidate dense, two sparse.
        assertEquals(18, lines.stream().filter(line -> line.contains(" b5")).count(), out.toString());
        assertTrue(out.toString().contains("Roofs, measured: "), out.toString());
        assertTrue(err.toString().contains("12/12 sparseWeightGradient 33x64 batch 5 members 1"), err.toString());
        List<String> rows = Files.readAllLines(csv);
        assertEquals(BenchCsv.header(), rows.get(0));
        assertEquals(19, rows.size());
        BenchReport report = BenchJson.read(json);
        assertEquals(18, report.results().size());
        assertTrue(report.environment().get("command").startsWith("espalier bench kernels --only dense,sparse "));
        for (String fact : List.of("git_commit", "device", "java", "cpu", "load", "started", "cache_bytes")) {
            assertTrue(report.environment().containsKey(fact), fact);
        }
    }

    /** The same report with all times of ours multiplied. */
    private static BenchReport scaled(BenchReport report, double factor) {
        return new BenchReport(
                report.environment(),
                report.roofs(),
                report.results().stream()
                        .map(result -> new Result(
                                result.op(),
                                result.size(),
                                result.candidate(),
                                result.role(),
                                result.precision(),
                                result.verdict(),
                                result.useful(),
                                result.issued(),
                                scaled(result.cold(), factor),
                                scaled(result.warm(), factor),
                                result.callSeconds(),
                                result.speedup()))
                        .toList());
    }

    private static Timing scaled(Timing timing, double by) {
        Summary was = timing.summary();
        return new Timing(
                new Summary(
                        was.samples(),
                        by * was.mean(),
                        was.noise(),
                        by * was.min(),
                        by * was.p10(),
                        by * was.q1(),
                        by * was.median(),
                        by * was.q3(),
                        by * was.p90(),
                        by * was.max()),
                timing.repeats(),
                timing.reason(),
                timing.throttled());
    }

    @Test
    void whatBecameSlowerIsARegression() throws IOException {
        Path base = folder.resolve("base.json");
        assertEquals(ExitCode.DONE, tiny("--json", base.toString()), err.toString());
        BenchReport now = BenchJson.read(base);
        BenchJson.write(scaled(now, 1e-6), base);
        freshOutput();
        assertEquals(ExitCode.REGRESSION, tiny("--compare", base.toString()), out.toString());
        assertTrue(out.toString().contains(" slower"), out.toString());
        BenchJson.write(scaled(now, 1e6), base);
        freshOutput();
        assertEquals(ExitCode.DONE, tiny("--compare", base.toString()), out.toString());
        assertTrue(out.toString().contains(" faster"), out.toString());
        // Tolerating everything, nothing has changed.
        freshOutput();
        assertEquals(ExitCode.DONE, tiny("--compare", base.toString(), "--fail-on", "1e12"), out.toString());
        assertTrue(out.toString().contains("36 same"), out.toString());
    }

    @Test
    void profilingMeasuresNothing() {
        assertEquals(ExitCode.DONE, tiny("--profile"), err.toString());
        assertTrue(out.toString().contains(" right"), out.toString());
        assertFalse(out.toString().contains("Roofs"), out.toString());
    }

    @Test
    void mistakesAreSaid() {
        assertComplaint("--layers wants outputs by inputs", tiny("--layers", "300"), ExitCode.BAD_INPUT);
        assertComplaint("--budget is a time such as 60s", tiny("--budget", "60"), ExitCode.BAD_INPUT);
        assertComplaint("below 100, got 100.0", tiny("--sparsities", "100"), ExitCode.BAD_INPUT);
        assertComplaint("--batches must be at least 1", tiny("--batches", "0"), ExitCode.BAD_INPUT);
        assertComplaint("measure cpu or cuda", on("reference"), ExitCode.BAD_INPUT);
        assertComplaint("is not a report", tiny("--compare", "missing.json"), ExitCode.BAD_INPUT);
        assertComplaint(
                "positive timeout", run("bench", "kernels", "--backend", "cpu", "--timeout", "0"), ExitCode.BAD_INPUT);
        assertFalse(err.toString().contains("1/"), "nothing was measured before a mistake was found");
        assertComplaint("Say what to measure", run("bench"), ExitCode.BAD_INPUT);
    }

    @Test
    void trainingIsTimedWithoutTorchToo() {
        int code = run(
                "bench",
                "train",
                "--backend",
                "cpu",
                "--min-time",
                "0",
                "--timeout",
                "0.05",
                "--python",
                "no-such-python");
        assertEquals(ExitCode.DONE, code, err.toString());
        assertTrue(out.toString().contains("train lenet-300-100  10x784 b128  espalier"), out.toString());
        assertTrue(out.toString().contains("torch: missing: no-such-python cannot be run"), out.toString());
        assertComplaint("--members must be at least 1", run("bench", "train", "--members", "0"), ExitCode.BAD_INPUT);
    }

    @Test
    void withoutAGpuCudaIsUnavailable() {
        assumeTrue(BackendKind.automatic() == BackendKind.CPU, "there is a GPU");
        assertComplaint("Backend cuda cannot be used (--backend cpu can): ", on("cuda"), ExitCode.UNAVAILABLE);
    }
}
