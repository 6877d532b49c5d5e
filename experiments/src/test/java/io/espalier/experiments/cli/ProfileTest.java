package io.espalier.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Networks of the shape that pruning units left, and of that shape scaled. */
class ProfileTest {
    @TempDir
    private Path folder;

    private final StringWriter err = new StringWriter();

    private int run(String methods) {
        CommandLine line = Espalier.commandLine(new Services());
        line.setOut(new PrintWriter(new StringWriter()));
        line.setErr(new PrintWriter(err, true));
        return line.execute(
                "run",
                "quickstart",
                "--quiet",
                "--backend",
                "cpu",
                "--out",
                folder.resolve("run").toString(),
                "--set",
                "training.epochs=2",
                "--set",
                "seeds=1",
                "--set",
                "network={ mlp: [784, 40, 30, 2] }",
                "--set",
                "methods=" + methods);
    }

    /** Hidden widths of a method's rows, in the order of the ratios. */
    private List<int[]> widths(String method) throws IOException {
        List<int[]> widths = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("run/results.csv"))) {
            String[] cells = line.split(",");
            if (cells[4].equals(method)) {
                String[] sizes = cells[3].split("-");
                widths.add(new int[] {Integer.parseInt(sizes[1]), Integer.parseInt(sizes[2])});
            }
        }
        return widths;
    }

    @Test
    void theProfileIsScaled() throws IOException {
        assertEquals(
                0,
                run("[{ dense: {} },"
                        + "{ prune-neurons: { name: pruned, criterion: random, schedule: one-shot, ratios: [2, 3] } },"
                        + "{ profile: { of: pruned, at: 2, ratios: [1.5, 2, 8] } }]"),
                err.toString());
        int[] pruned = widths("pruned").get(0);
        List<int[]> family = widths("profile of pruned at 2");
        assertEquals(3, family.size());
        assertEquals(pruned[0], family.get(1)[0], "as wide as what is scaled by one, but for what a unit more allows");
        assertTrue(Math.abs(pruned[1] - family.get(1)[1]) <= 1);
        assertTrue(family.get(0)[0] > pruned[0], "larger than the pruned network");
        double shape = (double) pruned[1] / pruned[0];
        assertEquals(shape, (double) family.get(2)[1] / family.get(2)[0], 0.15, "of its proportions");
    }

    @Test
    void whatHasNoUnitsPrunedGivesNoProfile() {
        assertEquals(2, run("[{ dense: {} }, { profile: { of: dense, at: 2, ratios: [4] } }]"));
        assertTrue(err.toString().contains("starts from `dense`, which does not prune units"), err.toString());
        assertEquals(
                2,
                run("[{ dense: {} },"
                        + "{ prune-neurons: { name: pruned, criterion: random, schedule: one-shot, ratios: [2] } },"
                        + "{ profile: { of: pruned, at: 5, ratios: [4] } }]"));
        assertTrue(err.toString().contains("`pruned`, which has no row at ratio 5"), err.toString());
    }
}
