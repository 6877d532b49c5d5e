package io.espalier.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.bench.Comparison.Label;
import io.espalier.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchReportTest {
    private static final BenchReport REPORT = Reports.of(10e-6, 5e-6);

    @TempDir
    private Path folder;

    @Test
    void ratiosAreToTheFastestThatMayBeCompared() {
        List<Result> results = REPORT.results();
        assertEquals(0.25, REPORT.toBest(results.get(0), Role.PEER, Mode.COLD), 1e-12);
        assertEquals(0.25, REPORT.toBest(results.get(0), Role.PEER, Mode.WARM), 1e-12);
        assertEquals(1, REPORT.toBest(results.get(1), Role.PEER, Mode.COLD), 1e-12);
        assertTrue(Double.isNaN(REPORT.toBest(results.get(0), Role.BASELINE, Mode.COLD)));
        assertTrue(Double.isNaN(REPORT.toBest(results.get(2), Role.PEER, Mode.COLD)), "no time, no ratio");
        // 2e9 operations at 5e13 a second take 40 us, 1e8 bytes at 4e12 a second 25 us.
        assertEquals(4, REPORT.roof(results.get(0), Mode.COLD), 1e-12);
        assertEquals(4e14, BenchReport.flops(results.get(0), Mode.WARM), 1);
        assertTrue(REPORT.isBroken(), "a wrong candidate");
    }

    /** Other programs read these columns by name: append, never rename. */
    @Test
    void theColumnsOfTheTableStay() {
        assertEquals(
                "op,outputs,inputs,batch,members,sparsity,compression,candidate,role,precision,state,error_over_bound,compared,"
                        + "cold_samples,cold_repeats,cold_median_us,cold_p10_us,cold_p90_us,cold_min_us,cold_noise,cold_stopped,"
                        + "cold_throttled,warm_samples,warm_repeats,warm_median_us,warm_p10_us,warm_p90_us,warm_min_us,"
                        + "warm_noise,warm_stopped,warm_throttled,call_us,useful_gflop,useful_mb,issued_gflop,issued_mb,"
                        + "cold_gflops,warm_gflops,cold_gbytes,warm_gbytes,cold_roof_percent,warm_roof_percent,"
                        + "cold_to_best_peer,warm_to_best_peer,cold_to_best_baseline,warm_to_best_baseline,reason,"
                        + "speedup_median,speedup_q1,speedup_q3",
                BenchCsv.header());
        String[] lines = BenchCsv.text(REPORT).split("\n");
        assertEquals(
                "sparseLinear,300,784,128,64,0.9500,1,espalier sparse,subject,fp32,right,0.2500,38400,"
                        + "40,25,10.000,9.800,10.200,9.700,0.0120,stable,3,40,25,5.000,4.900,5.100,4.850,0.0120,stable,3,"
                        + "4.000,2.000000,100.000000,40.000000,200.000000,200000.00,400000.00,10000.00,20000.00,400.00,800.00,"
                        + "0.2500,0.2500,,,,,,",
                lines[1]);
        assertEquals(
                "sparseLinear,300,784,128,64,0.9500,1,cublas tf32,peer,fp32,wrong,,0,,,,,,,,,,,,,,,,,,,"
                        + "4.000,2.000000,100.000000,40.000000,200.000000,,,,,,,,,,,\"z[3] is 1, \"\"too\"\" much\",,,",
                lines[3]);
    }

    @Test
    void aReportIsReadAsItWasWritten() throws IOException {
        Path file = folder.resolve("report.json");
        for (BenchReport report : List.of(REPORT, new BenchReport(Map.of(), null, List.of()))) {
            BenchJson.write(report, file);
            assertEquals(report, BenchJson.read(file));
        }
    }

    /** What nvbench's own tools look for; see docs/benchmarks.md for the command that was tried. */
    @Test
    void theFileHasTheLayoutOfNvbench() throws IOException {
        Path file = folder.resolve("report.json");
        BenchJson.write(REPORT, file);
        JsonNode root = new ObjectMapper().readTree(file.toFile());
        assertEquals("1.0.0", root.at("/meta/version/json/string").asText());
        assertEquals("a device", root.at("/devices/0/name").asText());
        JsonNode benchmark = root.at("/benchmarks/0");
        assertEquals("sparseLinear", benchmark.get("name").asText());
        assertEquals(6, benchmark.get("axes").size());
        assertEquals(3, benchmark.at("/axes/5/values").size(), "candidates");
        JsonNode state = benchmark.at("/states/0");
        assertEquals(
                "Device=0 Layer=300x784 Batch=128 Members=64 Sparsity=0.95 Compression=1 Candidate=espalier sparse",
                state.get("name").asText());
        assertFalse(state.get("is_skipped").asBoolean());
        assertTrue(benchmark.at("/states/2/is_skipped").asBoolean());
        for (String tag : List.of(
                "nv/cold/sample_size",
                "nv/cold/time/gpu/mean",
                "nv/cold/time/gpu/median",
                "nv/cold/time/gpu/q1",
                "nv/cold/time/gpu/q3",
                "nv/cold/time/gpu/min",
                "nv/cold/time/gpu/stdev/relative",
                "nv/batch/time/gpu/mean")) {
            boolean found = false;
            for (JsonNode summary : state.get("summaries")) {
                found |= summary.get("tag").asText().equals(tag);
            }
            assertTrue(found, tag);
        }
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        for (String text :
                List.of("", "{}", "[1]", "{ \"espalier\": { \"environment\": {} }, \"benchmarks\": [ {} ] }")) {
            Path file = Files.writeString(folder.resolve("other.json"), text);
            DataException refused = assertThrows(DataException.class, () -> BenchJson.read(file));
            assertTrue(refused.getMessage().contains("other.json is not a report"), refused.getMessage());
        }
        assertThrows(DataException.class, () -> BenchJson.read(folder.resolve("missing.json")));
    }

    private static Label label(double before, double after) {
        Comparison comparison = Comparison.of(Reports.of(before, 1), Reports.of(after, 1), 0.05);
        assertEquals(6, comparison.changes().size());
        assertEquals(Label.SAME, comparison.changes().get(1).label(), "the warm time is the same");
        assertEquals(Label.UNKNOWN, comparison.changes().get(4).label(), "the wrong candidate has no times");
        Comparison.Change change = comparison.changes().get(0);
        assertEquals(change.label() == Label.SLOWER, comparison.isRegression());
        assertEquals(after / before, change.ratio(), 1e-12);
        return change.label();
    }

    @Test
    void aChangeCountsBeyondThresholdAndNoise() {
        assertEquals(Label.SAME, label(10, 10.4));
        assertEquals(Label.SLOWER, label(10, 10.6));
        assertEquals(Label.SAME, label(10, 9.6));
        assertEquals(Label.FASTER, label(10, 9.4));
    }

    /** Quartiles of 10 reach up to 10.1, those of 10.15 down to 10.05: with no threshold at all the noise decides. */
    @Test
    void withinTheNoiseNothingIsClear() {
        Comparison comparison = Comparison.of(Reports.of(10, 1), Reports.of(10.15, 1), 0);
        assertEquals(Label.UNCLEAR, comparison.changes().get(0).label());
        assertFalse(comparison.isRegression());
    }

    private static BenchReport withSpeedup(BenchReport report, double median) {
        Result ours = report.results().get(0);
        Result measured = new Result(
                ours.op(),
                ours.size(),
                ours.candidate(),
                ours.role(),
                ours.precision(),
                ours.verdict(),
                ours.useful(),
                ours.issued(),
                ours.cold(),
                ours.warm(),
                ours.callSeconds(),
                Reports.timing(median).summary());
        return new BenchReport(report.environment(), report.roofs(), List.of(measured));
    }

    /** A machine that is slower today slows the peer too: what was won over the peer is what counts. */
    @Test
    void speedupsDecideWhereBothHaveThem() throws IOException {
        BenchReport before = withSpeedup(Reports.of(1, 1), 2);
        Comparison slowMachine = Comparison.of(before, withSpeedup(Reports.of(3, 3), 2), 0.05);
        assertEquals(
                List.of(Label.SAME),
                slowMachine.changes().stream().map(Comparison.Change::label).toList());
        BenchReport warmOnly = new BenchReport(
                Map.of(),
                null,
                List.of(Reports.result("libtorch", Role.PEER, Verdict.right(0, 1), null, Reports.timing(1))));
        assertEquals(1, Comparison.of(warmOnly, warmOnly, 0.05).changes().size(), "no cold times, no row about them");
        Comparison lost = Comparison.of(before, withSpeedup(Reports.of(1, 1), 1.8), 0.05);
        assertEquals(Label.SLOWER, lost.changes().get(0).label());
        assertTrue(lost.isRegression());
        Comparison won = Comparison.of(before, withSpeedup(Reports.of(1, 1), 2.2), 0.05);
        assertEquals(Label.FASTER, won.changes().get(0).label());
        assertEquals(1.1, won.changes().get(0).ratio(), 1e-12);
        Path file = folder.resolve("report.json");
        BenchJson.write(before, file);
        assertEquals(before, BenchJson.read(file));
        assertTrue(BenchCsv.text(before).contains(",2.0000,1.9800,2.0200\n"), BenchCsv.text(before));
    }

    /** A peer's bad day is no regression of ours. */
    @Test
    void onlyOursCanRegress() {
        BenchReport before = Reports.of(10, 1);
        Result slowPeer = Reports.result("cublas fp32", Role.PEER, Verdict.right(0, 1), Reports.timing(1), null);
        BenchReport after = new BenchReport(before.environment(), before.roofs(), List.of(slowPeer));
        Comparison comparison = Comparison.of(before, after, 0.05);
        assertEquals(Label.SLOWER, comparison.changes().get(0).label());
        assertEquals(Label.UNKNOWN, comparison.changes().get(1).label());
        assertFalse(comparison.isRegression());
    }

    /** Its peers are ahead or behind for reasons of its own. */
    @Test
    void anotherDeviceProvesNoRegression() {
        BenchReport before = Reports.of(10, 1);
        BenchReport after = new BenchReport(
                Map.of("device", "another"), before.roofs(), Reports.of(20, 1).results());
        Comparison comparison = Comparison.of(before, after, 0.05);
        assertEquals(Label.SLOWER, comparison.changes().get(0).label());
        assertFalse(comparison.isOfOneDevice());
        assertFalse(comparison.isRegression());
    }
}
