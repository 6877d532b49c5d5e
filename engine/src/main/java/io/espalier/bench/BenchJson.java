package io.espalier.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.data.DataException;
import io.espalier.run.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A report as a file, in nvbench's JSON layout (version 1.0.0), so that its tools read it too: an op is a benchmark, size and
 * candidate are its axes, a result is a state. Cold times have nvbench's tags, the mean of warm times those of its batches;
 * everything that we read ourselves is in summaries whose tags begin with {@code espalier/}, and beside the layout under the key
 * {@code espalier}.
 */
public final class BenchJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String OWN = "espalier/";
    private static final String SPEEDUP = OWN + "speedup/";

    private BenchJson() {}

    /** Writes a report. */
    public static void write(BenchReport report, Path file) throws IOException {
        AtomicFiles.write(file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree(report)) + "\n");
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws DataException if it cannot be read, or is something else
     */
    public static BenchReport read(Path file) {
        try {
            return report(MAPPER.readTree(Files.readAllBytes(file)));
        } catch (IOException | RuntimeException e) {
            throw new DataException(
                    file + " is not a report of `espalier bench`: " + e.getMessage()
                            + ". Give a file that --json wrote.",
                    e);
        }
    }

    // ---- writing ----------------------------------------------------------------------------------------------------

    static ObjectNode tree(BenchReport report) {
        ObjectNode root = NODES.objectNode();
        ObjectNode meta = root.putObject("meta");
        meta.putArray("argv").add(report.environment().getOrDefault("command", "espalier bench"));
        meta.putObject("version")
                .putObject("json")
                .put("major", 1)
                .put("minor", 0)
                .put("patch", 0)
                .put("string", "1.0.0");
        root.putArray("devices")
                .addObject()
                .put("id", 0)
                .put("name", report.environment().getOrDefault("device", "unknown"));
        ArrayNode benchmarks = root.putArray("benchmarks");
        Set<String> ops = new LinkedHashSet<>();
        report.results().forEach(result -> ops.add(result.op()));
        for (String op : ops) {
            benchmark(
                    benchmarks.addObject(),
                    benchmarks.size() - 1,
                    report.results().stream()
                            .filter(result -> result.op().equals(op))
                            .toList());
        }
        ObjectNode own = root.putObject("espalier");
        ObjectNode environment = own.putObject("environment");
        report.environment().forEach(environment::put);
        if (report.roofs() != null) {
            ObjectNode roofs = own.putObject("roofs")
                    .put("fp32_flops", report.roofs().fp32())
                    .put("memory_bytes", report.roofs().memory())
                    .put("cache_bytes", report.roofs().cache());
            if (Double.isFinite(report.roofs().tf32())) {
                roofs.put("tf32_flops", report.roofs().tf32());
            }
        }
        return root;
    }

    /** What a result is told apart by, beside its op. */
    private enum Axis {
        LAYER("string", result -> result.size().outputs() + "x" + result.size().inputs()),
        BATCH("int64", result -> Integer.toString(result.size().batch())),
        MEMBERS("int64", result -> Integer.toString(result.size().members())),
        SPARSITY("float64", result -> Double.toString(result.size().sparsity())),
        COMPRESSION("int64", result -> Integer.toString(result.size().compression())),
        CANDIDATE("string", Result::candidate);

        private final String type;
        private final Function<Result, String> value;

        Axis(String type, Function<Result, String> value) {
            this.type = type;
            this.value = value;
        }

        String key() {
            return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
        }
    }

    private static void benchmark(ObjectNode node, int index, List<Result> results) {
        node.put("name", results.get(0).op()).put("index", index);
        node.putArray("devices").add(0);
        ArrayNode axes = node.putArray("axes");
        for (Axis axis : Axis.values()) {
            ArrayNode values = axes.addObject()
                    .put("name", axis.key())
                    .put("type", axis.type)
                    .put("flags", "")
                    .putArray("values");
            Set<String> distinct = new LinkedHashSet<>();
            results.forEach(result -> distinct.add(axis.value.apply(result)));
            distinct.forEach(value -> values.addObject()
                    .put("input_string", value)
                    .put("description", "")
                    .put("value", value));
        }
        ArrayNode states = node.putArray("states");
        results.forEach(result -> state(states.addObject(), result));
    }

    private static void state(ObjectNode node, Result result) {
        StringBuilder name = new StringBuilder("Device=0");
        ArrayNode axisValues = NODES.arrayNode();
        for (Axis axis : Axis.values()) {
            String value = axis.value.apply(result);
            name.append(' ').append(axis.key()).append('=').append(value);
            named(axisValues, axis.key(), axis.type, value);
        }
        node.put("name", name.toString()).put("device", 0).put("type_config_index", 0);
        node.set("axis_values", axisValues);
        ArrayNode summaries = node.putArray("summaries");
        text(summaries, "role", result.role().name());
        text(summaries, "precision", result.precision().name());
        text(summaries, "verdict/state", result.verdict().state().name());
        text(summaries, "verdict/reason", result.verdict().reason());
        number(summaries, OWN + "verdict/worst", result.verdict().worst());
        number(summaries, OWN + "verdict/compared", result.verdict().compared());
        number(summaries, OWN + "work/useful/flops", result.useful().flops());
        number(summaries, OWN + "work/useful/bytes", result.useful().bytes());
        number(summaries, OWN + "work/issued/flops", result.issued().flops());
        number(summaries, OWN + "work/issued/bytes", result.issued().bytes());
        number(summaries, OWN + "call", result.callSeconds());
        for (Mode mode : Mode.values()) {
            if (result.timing(mode) != null) {
                timing(summaries, mode, result.timing(mode));
            }
        }
        if (result.speedup() != null) {
            summary(summaries, SPEEDUP, result.speedup());
        }
        boolean skipped = !result.verdict().isRight();
        node.put("is_skipped", skipped);
        if (skipped) {
            node.put("skip_reason", result.verdict().reason());
        }
    }

    private static void timing(ArrayNode summaries, Mode mode, Timing timing) {
        Summary summary = timing.summary();
        if (mode == Mode.COLD) {
            count(summaries, "nv/cold/sample_size", summary.samples());
            for (String quantity : List.of("mean", "min", "q1", "median", "q3", "max")) {
                number(
                        summaries,
                        "nv/cold/time/gpu/" + quantity,
                        STATISTICS.get(quantity).apply(summary));
            }
            number(summaries, "nv/cold/time/gpu/stdev/relative", summary.noise());
            number(summaries, "nv/cold/time/gpu/stdev/absolute", summary.noise() * summary.mean());
            number(summaries, "nv/cold/time/gpu/iqr/absolute", summary.q3() - summary.q1());
            number(summaries, "nv/cold/time/gpu/iqr/relative", (summary.q3() - summary.q1()) / summary.median());
        } else {
            count(summaries, "nv/batch/sample_size", timing.repeats());
            number(summaries, "nv/batch/time/gpu/mean", summary.mean());
        }
        String own = prefix(mode);
        summary(summaries, own, summary);
        count(summaries, own + "repeats", timing.repeats());
        count(summaries, own + "throttled", timing.throttled());
        text(summaries, own.substring(OWN.length()) + "stopped", timing.reason().name());
    }

    private static void summary(ArrayNode summaries, String prefix, Summary summary) {
        STATISTICS.forEach((name, value) -> number(summaries, prefix + name, value.apply(summary)));
        count(summaries, prefix + "samples", summary.samples());
    }

    private static String prefix(Mode mode) {
        return OWN + mode.name().toLowerCase(Locale.ROOT) + "/time/";
    }

    private static final Map<String, Function<Summary, Double>> STATISTICS = statistics();

    private static Map<String, Function<Summary, Double>> statistics() {
        Map<String, Function<Summary, Double>> all = new LinkedHashMap<>();
        all.put("mean", Summary::mean);
        all.put("noise", Summary::noise);
        all.put("min", Summary::min);
        all.put("p10", Summary::p10);
        all.put("q1", Summary::q1);
        all.put("median", Summary::median);
        all.put("q3", Summary::q3);
        all.put("p90", Summary::p90);
        all.put("max", Summary::max);
        return all;
    }

    private static void text(ArrayNode summaries, String tag, String value) {
        named(summary(summaries, OWN + tag), "value", "string", value);
    }

    private static void count(ArrayNode summaries, String tag, long value) {
        named(summary(summaries, tag), "value", "int64", Long.toString(value));
    }

    private static void number(ArrayNode summaries, String tag, double value) {
        if (Double.isFinite(value)) {
            named(summary(summaries, tag), "value", "float64", Double.toString(value));
        }
    }

    private static ArrayNode summary(ArrayNode summaries, String tag) {
        return summaries.addObject().put("tag", tag).putArray("data");
    }

    /** As nvbench writes values: all of them as text, because a JSON number may lose digits. */
    private static void named(ArrayNode values, String name, String type, String value) {
        values.addObject().put("name", name).put("type", type).put("value", value);
    }

    // ---- reading ----------------------------------------------------------------------------------------------------

    private static BenchReport report(JsonNode root) {
        Map<String, String> environment = new LinkedHashMap<>();
        root.required("espalier")
                .required("environment")
                .properties()
                .forEach(entry ->
                        environment.put(entry.getKey(), entry.getValue().asText()));
        List<Result> results = new ArrayList<>();
        for (JsonNode benchmark : root.required("benchmarks")) {
            for (JsonNode state : benchmark.required("states")) {
                results.add(result(benchmark.required("name").asText(), state));
            }
        }
        JsonNode roofs = root.required("espalier").path("roofs");
        return new BenchReport(
                environment,
                roofs.isMissingNode()
                        ? null
                        : new Roofs(
                                roofs.required("fp32_flops").asDouble(),
                                roofs.path("tf32_flops").asDouble(Double.NaN),
                                roofs.required("memory_bytes").asDouble(),
                                roofs.required("cache_bytes").asDouble()),
                results);
    }

    private static Result result(String op, JsonNode state) {
        Map<Axis, String> axes = new EnumMap<>(Axis.class);
        for (JsonNode value : state.required("axis_values")) {
            axes.put(
                    Axis.valueOf(value.required("name").asText().toUpperCase(Locale.ROOT)),
                    value.required("value").asText());
        }
        String[] layer = axes.get(Axis.LAYER).split("x");
        Size size = new Size(
                Integer.parseInt(layer[0]),
                Integer.parseInt(layer[1]),
                Integer.parseInt(axes.get(Axis.BATCH)),
                Integer.parseInt(axes.get(Axis.MEMBERS)),
                Double.parseDouble(axes.get(Axis.SPARSITY)),
                Integer.parseInt(axes.get(Axis.COMPRESSION)));
        Map<String, String> values = new LinkedHashMap<>();
        for (JsonNode summary : state.required("summaries")) {
            values.put(
                    summary.required("tag").asText(),
                    summary.required("data").required(0).required("value").asText());
        }
        return new Result(
                op,
                size,
                axes.get(Axis.CANDIDATE),
                Role.valueOf(values.get(OWN + "role")),
                Precision.valueOf(values.get(OWN + "precision")),
                new Verdict(
                        Verdict.State.valueOf(values.get(OWN + "verdict/state")),
                        read(values, OWN + "verdict/worst"),
                        (long) read(values, OWN + "verdict/compared"),
                        values.get(OWN + "verdict/reason")),
                new Work(read(values, OWN + "work/useful/flops"), read(values, OWN + "work/useful/bytes")),
                new Work(read(values, OWN + "work/issued/flops"), read(values, OWN + "work/issued/bytes")),
                timing(values, Mode.COLD),
                timing(values, Mode.WARM),
                read(values, OWN + "call"),
                values.containsKey(SPEEDUP + "samples") ? summary(values, SPEEDUP) : null);
    }

    private static Timing timing(Map<String, String> values, Mode mode) {
        String own = prefix(mode);
        if (!values.containsKey(own + "samples")) {
            return null;
        }
        return new Timing(
                summary(values, own),
                (int) read(values, own + "repeats"),
                StoppingRule.Reason.valueOf(values.get(own + "stopped")),
                (int) read(values, own + "throttled"));
    }

    private static Summary summary(Map<String, String> values, String prefix) {
        double noise = read(values, prefix + "noise");
        return new Summary(
                (int) read(values, prefix + "samples"),
                read(values, prefix + "mean"),
                Double.isNaN(noise) ? Double.POSITIVE_INFINITY : noise,
                read(values, prefix + "min"),
                read(values, prefix + "p10"),
                read(values, prefix + "q1"),
                read(values, prefix + "median"),
                read(values, prefix + "q3"),
                read(values, prefix + "p90"),
                read(values, prefix + "max"));
    }

    private static double read(Map<String, String> values, String tag) {
        String value = values.get(tag);
        return value == null ? Double.NaN : Double.parseDouble(value);
    }
}
