package io.espalier.experiments.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.bench.BenchReport;
import io.espalier.bench.Mode;
import io.espalier.bench.Result;
import io.espalier.bench.Roofs;
import java.nio.file.Path;
import java.util.List;

/**
 * What a benchmark found, as files for papers: how far below the roofs everything is (Williams, Waterman and Patterson 2009), and from which
 * sparsity on zeros pay.
 */
public final class BenchFigures {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private BenchFigures() {}

    /** Draws into a folder; a figure without data is none. */
    public static List<Path> write(BenchReport report, Path folder) {
        return Figures.draw(
                folder,
                List.of(ReportPage.CHARTS, ReportPage.BENCHMARKS),
                "benchFigures",
                json(report).toString());
    }

    private static ObjectNode json(BenchReport report) {
        ObjectNode root = NODES.objectNode();
        Roofs roofs = report.roofs();
        if (roofs != null) {
            root.put("flops", roofs.fp32()).put("memory", roofs.memory()).put("cache", roofs.cache());
        }
        ArrayNode rows = root.putArray("rows");
        for (Result result : report.results()) {
            double seconds = result.median(Mode.WARM);
            if (!Double.isNaN(seconds)) {
                ObjectNode row = rows.addObject()
                        .put("op", result.op())
                        .put("candidate", result.candidate())
                        .put("role", result.role().name())
                        .put(
                                "layer",
                                result.size().outputs() + "x" + result.size().inputs())
                        .put("batch", result.size().batch())
                        .put("members", result.size().members())
                        .put("sparsity", result.size().sparsity())
                        .put("compression", result.size().compression())
                        .put("flops", result.counted().flops())
                        .put("bytes", result.counted().bytes())
                        .put("seconds", seconds);
                if (result.speedup() != null) {
                    row.put("speedup", result.speedup().median());
                }
            }
        }
        return root;
    }
}
