package io.espalier.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.experiments.studyfile.StudyReader;
import io.espalier.study.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example in Java does what it says. */
class PruneInJavaTest {
    @TempDir
    private Path folder;

    @Test
    void itRunsAndReports() throws IOException {
        Path run = folder.resolve("run");
        PruneInJava.main(new String[] {run.toString()});
        assertEquals(
                1 + 2 * (1 + 2 + 2),
                Files.readAllLines(run.resolve("results.csv")).size());
        assertTrue(Files.size(run.resolve("report.html")) > 1000);
    }

    @Test
    void aFileWithTheSameValuesHasTheSameTrials() {
        String file =
                """
                study: in-java
                data: { name: rectangles, validation: 200 }
                network: { mlp: [784, 50, 2] }
                training: { epochs: 4, batch: 50, learning-rate: { cosine: 0.1 }, momentum: 0.9 }
                methods:
                  - dense: {}
                  - equal-size: { name: narrow }
                  - prune: { name: prune, saliency: magnitude, schedule: { cycles: 2, epochs: 1 } }
                ratios: [4, 16]
                seeds: 2
                """;
        Plan read = StudyReader.plan("file", file, List.of());
        assertEquals(
                read.trials().stream().map(trial -> trial.id().value()).toList(),
                Plan.outline(PruneInJava.study()).trials().stream()
                        .map(trial -> trial.id().value())
                        .toList());
    }
}
