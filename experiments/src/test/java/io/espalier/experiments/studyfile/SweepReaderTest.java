package io.espalier.experiments.studyfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.method.Quantise;
import io.espalier.study.Plan;
import io.espalier.study.Trial;
import io.espalier.study.TrialId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A sweep is the studies that one would write without it, in one. */
class SweepReaderTest {
    private static final String STUDY =
            """
            study: test
            data: { name: mnist, validation: 5000 }
            network: { mlp: [784, 60, 10] }
            training: { epochs: 13, batch: 50, learning-rate: 0.1, penalty: { l2: 1e-4 } }
            methods:
              - dense: {}
              - equal-size: { distill: { from: other } }
              - prune: { saliency: magnitude, schedule: { cycles: 3 }, recovery: { rewind: 1ep } }
              - dense: { name: other, penalty: l1 }
              - prune-neurons: { criterion: weight-norm, from: other }
              - profile: { of: prune-neurons weight-norm, at: 2 }
              - quantise: { to: half, from: prune magnitude }
            ratios: [2, 4.5]
            seeds: 2
            """;

    private static Plan read(String text, String... settings) {
        return StudyReader.plan("test.yaml", text, List.of(settings));
    }

    private static Set<TrialId> ids(Plan plan) {
        return plan.trials().stream().map(Trial::id).collect(Collectors.toSet());
    }

    @Test
    void pointsAreTheStudiesWithoutIt() {
        for (String tune : List.of("", "tune: { training.momentum: [0, 0.9], budget: 2 }\n")) {
            String study = STUDY + tune;
            Set<TrialId> apart = new HashSet<>();
            for (String point : List.of("10 50", "10 128", "20 50", "20 128")) {
                String[] values = point.split(" ");
                apart.addAll(ids(read(study, "training.epochs=" + values[0], "training.batch=" + values[1])));
            }
            Plan together = read(study + "sweep: { training.epochs: [10, 20], training.batch: [50, 128] }\n");
            assertEquals(apart, ids(together));
            assertEquals(apart.size(), together.trials().size());
        }
    }

    @Test
    void namesSayThePointAndLeadToMethodsThere() {
        Plan plan = read(STUDY + "sweep: { training.batch: [50, 128] }\n");
        List<String> names =
                plan.study().methods().stream().map(method -> method.name()).toList();
        assertEquals(14, names.size());
        assertEquals("equal-size at batch 50", names.get(1));
        assertEquals("dense at batch 128", names.get(7));
        assertEquals("profile of prune-neurons weight-norm at 2 at batch 128", names.get(12));
        Quantise last = (Quantise) plan.study().methods().get(13);
        assertEquals("prune magnitude at batch 128", last.parent());
        assertEquals(128, plan.study().methods().get(7).training().batch());
    }

    @Test
    void everyPointHasTheDenseNetworkThatNobodyWrote() {
        String study = STUDY.replaceAll("  - dense: .*\\n", "").replaceAll(",? from: other ", " ");
        Plan plan = read(study + "sweep: { training.learning-rate: [0.1, { cosine: 0.2 }] }\n");
        assertEquals(12, plan.study().methods().size());
        assertEquals("dense at learning-rate 0.1", plan.study().methods().get(5).name());
        assertEquals(
                "dense at learning-rate { cosine: 0.2 }",
                plan.study().methods().get(11).name());
        assertEquals(
                ids(read(study, "training.learning-rate={ cosine: 0.2 }")),
                ids(read(study + "sweep: { training.learning-rate: [{ cosine: 0.2 }] }\n")));
    }

    /** Each line: the sweep, what to replace, by what, where the complaint must point, and what it must contain. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{ network: [lenet-5] } | 13 | 13 | 15:10 | For another `network` write another study.",
                "{ training.bach: [1] } | 13 | 13 | 15:26 | Did you mean `batch`?",
                "{ training.batch: 50 } | 13 | 13 | 15:26 | must be a list",
                "{ training.batch: [] } | 13 | 13 | 15:26 | at least one value",
                "{ training.batch: [50, x] } | 13 | 13 | 15:31 | must be a whole number",
                "{ training.batch: [50, 50] } | 13 | 13 | 15:8 | `batch 50` stands twice",
                "[training.batch] | 13 | 13 | 15:8 | must be a map",
                "{ training.batch: [1, 2] } | l1 } | l1, training: { batch: 9 } } | 9:5 | makes no difference to `other at batch 2`, which would train the trials of `other at batch 1`",
                "{ training.batch: [1, 2] } | at: 2 | at: 3 | 11:5 | has no row at ratio 3"
            })
    void mistakesAreRefusedWithTheirPlace(String sweep, String old, String changed, String place, String message) {
        String text = STUDY.replace(old, changed) + "sweep: " + sweep + "\n";
        StudyFileException e = assertThrows(StudyFileException.class, () -> read(text));
        assertTrue(e.getMessage().startsWith("test.yaml:" + place + ": "), e.getMessage());
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }
}
