package io.espalier.experiments.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tables in documents are made from the CSV files of runs, between markers, and fail here when they drift from them.
 *
 * <p>{@code <!-- table: FILE COLUMN DECIMALS -->}: methods by ratio, mean ± sample standard deviation over the seeds. {@code <!-- rows:
 * FILE -->}: the file as it is. {@code <!-- speedups: FILE -->}: ours beside the fastest peer, of a benchmark's table. After a change of a file: {@code mvn test -pl experiments -Dtest=GeneratedTablesTest
 * -Despalier.write=true} writes them anew.
 */
class GeneratedTablesTest {
    private static final Path ROOT = Path.of("..");
    private static final Path RESULTS = ROOT.resolve("experiments/results");
    private static final List<String> QUESTION =
            List.of("op", "outputs", "inputs", "batch", "members", "sparsity", "compression");
    private static final Pattern TABLE = Pattern.compile(
            "<!-- (table|rows|speedups): ([^ ]+)(?: (\\w+) (\\d))? -->\n(.*?)<!-- end -->", Pattern.DOTALL);

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "experiments/results/README.md"})
    void tablesAreWhatTheirFilesSay(String document) throws IOException {
        Path file = ROOT.resolve(document);
        String text = Files.readString(file);
        Matcher tables = TABLE.matcher(text);
        StringBuilder made = new StringBuilder();
        int count = 0;
        while (tables.find()) {
            CsvTable csv = CsvTable.parse(Files.readString(RESULTS.resolve(tables.group(2))));
            String table =
                    switch (tables.group(1)) {
                        case "rows" -> rows(csv);
                        case "speedups" -> speedups(csv);
                        default -> pivot(csv, tables.group(3), Integer.parseInt(tables.group(4)));
                    };
            String whole = tables.group();
            String head = whole.substring(0, whole.indexOf('\n') + 1);
            tables.appendReplacement(made, Matcher.quoteReplacement(head + table + "<!-- end -->"));
            count++;
        }
        tables.appendTail(made);
        assertTrue(count > 0, document + " has no generated table");
        if (Boolean.getBoolean("espalier.write")) {
            Files.writeString(file, made);
        }
        assertEquals(made.toString(), Files.readString(file), document + " has drifted from its files");
    }

    private static String pivot(CsvTable csv, String column, int decimals) {
        Map<String, Map<Double, List<Double>>> cells = new LinkedHashMap<>();
        Map<Double, String> ratios = new LinkedHashMap<>();
        for (Map<String, String> row : csv.rows()) {
            if (!row.get(column).isEmpty()) {
                double ratio = Double.parseDouble(row.get("ratio_target"));
                ratios.put(ratio, row.get("ratio_target"));
                cells.computeIfAbsent(row.get("method"), any -> new LinkedHashMap<>())
                        .computeIfAbsent(ratio, any -> new ArrayList<>())
                        .add(Double.parseDouble(row.get(column)));
            }
        }
        List<Double> ascending = List.copyOf(new TreeSet<>(ratios.keySet()));
        StringBuilder table = new StringBuilder("| method |");
        ascending.forEach(ratio -> table.append(' ').append(ratios.get(ratio)).append("x |"));
        table.append("\n|---|").append("---|".repeat(ascending.size())).append('\n');
        cells.forEach((method, values) -> {
            table.append("| ").append(method).append(" |");
            ascending.forEach(ratio -> table.append(' ')
                    .append(values.containsKey(ratio) ? cell(values.get(ratio), decimals) + " " : "")
                    .append('|'));
            table.append('\n');
        });
        return table.toString();
    }

    private static String cell(List<Double> values, int decimals) {
        double mean = values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        double squares = values.stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .sum();
        String spread = values.size() < 2 || squares == 0
                ? ""
                : " ± " + number(Math.sqrt(squares / (values.size() - 1)), decimals);
        return number(mean, decimals) + spread;
    }

    private static String number(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    private static String rows(CsvTable csv) {
        List<String> names = List.copyOf(csv.rows().get(0).keySet());
        StringBuilder table =
                new StringBuilder("| " + String.join(" | ", names) + " |\n|" + "---|".repeat(names.size()) + "\n");
        csv.rows().forEach(row -> table.append("| ")
                .append(String.join(" | ", row.values()))
                .append(" |\n"));
        return table.toString();
    }

    private static String speedups(CsvTable csv) {
        StringBuilder table = new StringBuilder(
                        "| | batch | | ours, us | fastest peer, us | which | peer / ours (quartiles) |\n|")
                .append("---|".repeat(7))
                .append('\n');
        for (Map<String, String> row : csv.rows()) {
            if (!row.get("speedup_median").isEmpty()) {
                Map<String, String> peer = csv.rows().stream()
                        .filter(other -> other.get("role").equals("peer")
                                && QUESTION.stream()
                                        .allMatch(column -> other.get(column).equals(row.get(column)))
                                && !other.get("warm_median_us").isEmpty())
                        .min(Comparator.comparingDouble(GeneratedTablesTest::micros))
                        .orElseThrow();
                table.append(String.format(
                        Locale.ROOT,
                        "| %s | %s | %s | %.0f | %.0f | %s | %.2f (%.2f to %.2f) |\n",
                        row.get("op")
                                + (row.get("members").equals("1") ? "" : ", " + row.get("members") + " at once")
                                + variant(row.get("candidate")),
                        row.get("batch"),
                        share(row),
                        micros(row),
                        micros(peer),
                        peer.get("candidate"),
                        Double.parseDouble(row.get("speedup_median")),
                        Double.parseDouble(row.get("speedup_q1")),
                        Double.parseDouble(row.get("speedup_q3"))));
            }
        }
        return table.toString();
    }

    /** What ours does beside what all do. */
    private static String variant(String candidate) {
        return candidate.contains(", ") ? candidate.substring(candidate.indexOf(", ")) : "";
    }

    private static double micros(Map<String, String> row) {
        return Double.parseDouble(row.get("warm_median_us"));
    }

    private static String share(Map<String, String> row) {
        double sparsity = Double.parseDouble(row.get("sparsity"));
        if (sparsity > 0) {
            return String.format(Locale.ROOT, "%.0f %% zeros", 100 * sparsity);
        }
        return row.get("compression").equals("1") ? "" : "1/" + row.get("compression");
    }
}
