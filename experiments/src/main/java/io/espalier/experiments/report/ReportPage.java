package io.espalier.experiments.report;

import io.espalier.run.AtomicFiles;
import io.espalier.run.RunException;
import io.espalier.study.Plan;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code report.html}: one file that opens offline, with the chart library and all data inside. */
public final class ReportPage {
    private static final String PLACE = "/io/espalier/experiments/report/";
    static final String LIBRARY = "/META-INF/resources/webjars/echarts/5.5.0/echarts.min.js";
    static final String CHARTS = PLACE + "charts.js";

    /** Those of benchmarks, which the page does not have. */
    static final String BENCHMARKS = PLACE + "bench.js";

    private ReportPage() {}

    /** Writes the page of a run, and its tables, from its files; returns the page's path. */
    public static Path write(Path run, Plan plan) {
        ReportData data = ReportData.of(run, plan);
        String page = resource(PLACE + "report.html")
                .replace("{{title}}", escaped(data.study()))
                .replace("{{style}}", resource(PLACE + "report.css"))
                .replace("{{charts}}", resource(CHARTS))
                .replace("{{script}}", resource(PLACE + "report.js"))
                .replace("{{data}}", script(data.toJson().toString()))
                .replace("{{library}}", resource(LIBRARY));
        Path file = run.resolve("report.html");
        try {
            data.table().write(run);
            data.tuning().write(run);
            data.comparisons().write(run);
            AtomicFiles.write(file, page);
        } catch (IOException e) {
            throw new RunException(
                    "The report of " + run + " cannot be written: " + e.getMessage()
                            + ". The trials are saved; mend that and run `espalier report " + run + "`.",
                    e);
        }
        return file;
    }

    /** One SVG a chart, in {@code figures/} of the run; returns their paths. */
    public static List<Path> writeFigures(Path run, Plan plan) {
        return Figures.write(run, ReportData.of(run, plan));
    }

    /** {@code report.md}: the same numbers as tables of Markdown; returns its path. */
    public static Path writeMarkdown(Path run, Plan plan) {
        Path file = run.resolve("report.md");
        try {
            Files.writeString(file, Markdown.of(ReportData.of(run, plan)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    /** A text that a run may lack. */
    static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String resource(String name) {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The build lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** JSON that may stand inside a script element, whatever a study's texts contain. */
    private static String script(String json) {
        return json.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029");
    }
}
