package io.espalier.experiments.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Columns that line up: the first to the left, the others to the right unless said otherwise. */
final class TextTable {
    private final List<List<String>> rows = new ArrayList<>();
    private final int leftColumns;

    /** @param leftColumns how many columns are aligned to the left */
    TextTable(int leftColumns, String... header) {
        this.leftColumns = leftColumns;
        rows.add(List.of(header));
    }

    void row(String... cells) {
        rows.add(List.of(cells));
    }

    void print(PrintWriter out) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String padding = " ".repeat(widths[i] - row.get(i).length());
                line.append(i < leftColumns ? row.get(i) + padding : padding + row.get(i))
                        .append("  ");
            }
            out.println(line.toString().stripTrailing());
        }
        out.flush();
    }
}
