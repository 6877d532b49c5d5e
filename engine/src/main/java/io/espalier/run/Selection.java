package io.espalier.run;

import io.espalier.compress.CompressionRatio;
import io.espalier.run.ResultTable.Statistic;
import io.espalier.run.TrialResult.Row;
import io.espalier.study.Choice;
import io.espalier.study.Choices;
import io.espalier.study.Contest;
import io.espalier.study.Plan;
import io.espalier.study.Study;
import io.espalier.study.Trial;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Chooses configurations by the validation errors that a run directory holds; the same files make the same choice. */
public final class Selection implements Choices {
    /** What a readout counts that a diverged trial did not live to make. */
    private static final double ALL_WRONG = 100;

    private final Path run;

    private Selection(Path run) {
        this.run = run;
    }

    /** The plan of a study as far as a run directory has come. */
    public static Plan plan(Study study, Path run) {
        return Plan.of(study, new Selection(run));
    }

    /**
     * How a configuration did.
     *
     * @param validationError over all seeds and ratios of the contest
     * @param readouts how many those are
     */
    public record Score(String label, Statistic validationError, int readouts) {}

    /** Scores in the order of the configurations, or empty while a trial of the contest is not over. */
    public static Optional<List<Score>> scores(Path run, Contest contest) {
        List<Score> scores = new ArrayList<>();
        for (Contest.Candidate candidate : contest.candidates()) {
            List<Double> errors = new ArrayList<>();
            for (Trial trial : candidate.trials()) {
                Optional<TrialResult> result = RunDirectory.readResult(run, trial);
                if (result.isEmpty()) {
                    return Optional.empty();
                }
                for (CompressionRatio ratio : trial.ratios()) {
                    errors.add(result.get().row(ratio).map(Row::validationError).orElse(ALL_WRONG));
                }
            }
            double[] values = errors.stream().mapToDouble(Double::doubleValue).toArray();
            scores.add(new Score(candidate.label(), Statistic.of(values), values.length));
        }
        return Optional.of(scores);
    }

    @Override
    public Optional<Choice> choose(Contest contest) {
        return scores(run, contest).map(scores -> {
            int best = 0;
            for (int i = 1; i < scores.size(); i++) {
                if (scores.get(i).validationError().mean()
                        < scores.get(best).validationError().mean()) {
                    best = i;
                }
            }
            return new Choice(best, epochs(contest.candidates().get(best).trials()));
        });
    }

    /** At each ratio the mean over the seeds, rounded; a phase is never left without training. */
    private Map<CompressionRatio, Integer> epochs(List<Trial> trials) {
        Map<CompressionRatio, List<Integer>> found = new HashMap<>();
        for (Trial trial : trials) {
            TrialResult result = RunDirectory.readResult(run, trial).orElseThrow();
            for (CompressionRatio ratio : trial.ratios()) {
                result.row(ratio).ifPresent(row -> found.computeIfAbsent(ratio, any -> new ArrayList<>())
                        .add(row.phaseEpochs()));
            }
        }
        Map<CompressionRatio, Integer> epochs = new HashMap<>();
        found.forEach((ratio, all) -> {
            double mean = all.stream().mapToInt(Integer::intValue).average().orElseThrow();
            epochs.put(ratio, Math.max(1, (int) Math.round(mean)));
        });
        return epochs;
    }
}
