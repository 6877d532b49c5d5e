package io.espalier.run;

import io.espalier.data.Dataset;
import io.espalier.data.Hashes;
import io.espalier.run.TrialResult.Row;
import io.espalier.study.Plan;
import io.espalier.study.Trial;
import io.espalier.study.TrialId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A trial of a run, trained again from its provenance and compared. It starts from the parent's files and follows the choices that the run
 * made, in the company that it had. On equal machines the models must be equal to the bit; elsewhere the errors must be as near as those
 * of two seeds are.
 *
 * @param sameMachine whether one machine made the trial, and this one is equal to it
 * @param sameStatus whether both diverged, or neither
 * @param readouts in the order of the trial's ratios; as far as both came
 */
public record Replay(boolean sameMachine, boolean sameStatus, List<Readout> readouts) {
    /** How many standard deviations of a difference two errors may lie apart. */
    private static final double MOST_DEVIATIONS = 3;

    public Replay {
        readouts = List.copyOf(readouts);
    }

    /**
     * One model, recorded and replayed.
     *
     * @param recorded SHA-256 of its file
     * @param replayed SHA-256 of the new file
     * @param recordedError in percent: on the test data, or where the trial must not see those, on what it was chosen by
     * @param replayedError the same
     * @param margin the most that the errors may differ by where models cannot be equal
     */
    public record Readout(
            String ratioTarget,
            String recorded,
            String replayed,
            double recordedError,
            double replayedError,
            double margin) {
        public boolean isSameModel() {
            return recorded.equals(replayed);
        }

        public boolean isNear() {
            return Math.abs(recordedError - replayedError) <= margin;
        }
    }

    /** Whether what was recorded can be had again. */
    public boolean holds() {
        return sameStatus && readouts.stream().allMatch(sameMachine ? Readout::isSameModel : Readout::isNear);
    }

    /**
     * Trains a trial again.
     *
     * @param run where it was recorded
     * @param plan of that run, as far as it came
     * @param device what trains
     * @param into a new run directory
     * @return empty if it was asked to stop
     * @throws RunException if there is nothing to compare with, or the data are others
     */
    public static Optional<Replay> of(
            Path run,
            Plan plan,
            Trial trial,
            Build build,
            Dataset dataset,
            RunDirectory.Executor executor,
            Device device,
            Path into,
            RunControl control) {
        TrialResult recorded = RunDirectory.readResult(run, trial)
                .orElseThrow(() -> new RunException(
                        "Trial " + trial.id() + " has no result in " + run + ". Run its study to the end first."));
        TrialProvenance provenance = RunDirectory.provenance(run, trial);
        RunDirectory.requireSameData(run, dataset);
        List<Trial> cohort = provenance.cohort().stream().map(plan::trial).toList();
        if (cohort.contains(null)) {
            throw new RunException("Not all trials that were started with " + trial.id() + " are in the plan of " + run
                    + ". Its study.yaml was changed.");
        }
        try (RunDirectory directory =
                RunDirectory.open(into, plan.study(), "", build, dataset, executor, Shard.WHOLE)) {
            linkParents(run, plan, cohort, into);
            int failures =
                    Scheduler.runTrials(plan, cohort, dataset, List.of(device), directory, Progress.NONE, control);
            Optional<TrialResult> replayed = directory.result(trial);
            if (replayed.isEmpty() && failures > 0) {
                throw new RunException("Trial " + trial.id() + " crashed this time; see "
                        + directory.trial(trial.id()).resolve("failed.json") + ".");
            }
            return replayed.map(result -> new Replay(
                    provenance.machines().equals(List.of(directory.machine())),
                    recorded.status().equals(result.status()),
                    compared(run, into, plan, trial, dataset, recorded, result)));
        }
    }

    /** Whoever starts from a parent finds it where it would be. */
    private static void linkParents(Path run, Plan plan, List<Trial> cohort, Path into) {
        Set<TrialId> parents = new LinkedHashSet<>();
        cohort.forEach(trial -> trial.parent().ifPresent(parents::add));
        try {
            for (TrialId parent : parents) {
                Path link = into.resolve("trials").resolve(parent.value());
                if (RunDirectory.readResult(run, plan.trial(parent)).isPresent() && !Files.exists(link)) {
                    Files.createSymbolicLink(
                            link, run.resolve("trials").resolve(parent.value()).toRealPath());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Readout> compared(
            Path run, Path into, Plan plan, Trial trial, Dataset dataset, TrialResult recorded, TrialResult replayed) {
        ResultTable table = ResultTable.of(run, plan);
        List<Readout> readouts = new ArrayList<>();
        for (int i = 0; i < Math.min(recorded.rows().size(), replayed.rows().size()); i++) {
            Row before = recorded.rows().get(i);
            Row now = replayed.rows().get(i);
            String ratio = before.ratioTarget();
            double[] errors = table.testErrors(trial.method(), ratio).values().stream()
                    .mapToDouble(Double::doubleValue)
                    .toArray();
            readouts.add(new Readout(
                    ratio,
                    sha256(run, trial, ratio),
                    sha256(into, trial, ratio),
                    error(before),
                    error(now),
                    margin(
                            error(before),
                            examples(before, trial, dataset),
                            ResultTable.Statistic.of(errors).sd())));
        }
        return readouts;
    }

    private static String sha256(Path run, Trial trial, String ratio) {
        try {
            Path folder = run.resolve("trials").resolve(trial.id().value());
            return Hashes.sha256(Files.readAllBytes(WorkFolder.model(folder, trial, ratio)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double error(Row row) {
        return row.testError() != null
                ? row.testError()
                : row.validationError() != null ? row.validationError() : row.trainError();
    }

    private static int examples(Row row, Trial trial, Dataset dataset) {
        int validation = trial.data().validation();
        return row.testError() != null
                ? dataset.test().count()
                : row.validationError() != null ? validation : dataset.train().count() - validation;
    }

    /**
     * Three standard deviations of a difference of two errors, whose own are those of the seeds, and never less than those of counting
     * so many examples.
     */
    static double margin(double errorPercent, int examples, double sdOverSeeds) {
        double share = errorPercent / 100;
        double counting = 100 * Math.sqrt(Math.max(share * (1 - share), 1.0 / examples) / examples);
        double sd = Double.isNaN(sdOverSeeds) ? counting : Math.max(counting, sdOverSeeds);
        return MOST_DEVIATIONS * Math.sqrt(2) * sd;
    }
}
