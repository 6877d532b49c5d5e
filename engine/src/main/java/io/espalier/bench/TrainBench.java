package io.espalier.bench;

import io.espalier.backend.Backend;
import io.espalier.backend.DeviceUnavailableException;
import io.espalier.bench.TorchProcess.Way;
import io.espalier.run.AtomicFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Times training steps of LeNet-300-100 by the clock on the wall, as somebody who waits for them sees them: ours, and PyTorch's
 * where there is one. Whose losses differ from the oracle's is not timed.
 */
public final class TrainBench {
    private static final TrainingProblem PROBLEM = TrainingProblem.LENET_300_100;
    private static final String NAME = "lenet-300-100";

    /** Relative, of a mean loss before and after one update. */
    private static final double LOSS_BOUND = 1e-5;

    private static final double LOSS_BOUND_TF32 = 5e-3;
    private static final double SAMPLE_SECONDS = 0.1;
    private static final int LEAST_STEPS = 10;
    private static final int STEPS_OF_AN_EPOCH = 469;

    private final Rig rig;
    private final Oracle oracle;
    private final StoppingRule rule;
    private final Budget budget;
    private final Consumer<String> progress;

    /** As {@link KernelBench}. */
    public TrainBench(Rig rig, Oracle oracle, StoppingRule rule, Budget budget, Consumer<String> progress) {
        this.rig = rig;
        this.oracle = oracle;
        rig.note("answers from", oracle.describe());
        this.rule = rule;
        this.budget = budget;
        this.progress = progress;
    }

    /**
     * Checks and measures; that there is no PyTorch is noted among the rig's facts.
     *
     * @param members how many networks train at once, for each table
     * @param python the program that may have PyTorch
     * @param script {@code lenet_step.py}
     */
    public List<Result> measured(List<Integer> members, String python, Path script) {
        double[] right = Answers.of(PROBLEM, oracle.backend(), 1);
        List<Result> results = new ArrayList<>();
        Path problem = null;
        TorchProcess torch = null;
        try {
            problem = Files.createTempFile("espalier-problem", ".safetensors");
            AtomicFiles.write(problem, PROBLEM.file());
            torch = torch(python, script, problem);
            for (int i = 0; i < members.size(); i++) {
                results.addAll(results(members.get(i), right, torch, members.size() - i));
            }
            return results;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (torch != null) {
                torch.close();
            }
            if (problem != null) {
                problem.toFile().delete();
            }
        }
    }

    /** Null where there is none. */
    private TorchProcess torch(String python, Path script, Path problem) {
        try {
            TorchProcess torch =
                    new TorchProcess(python, script, problem, rig.backend().name());
            rig.note("torch", torch.version());
            return torch;
        } catch (DeviceUnavailableException e) {
            rig.note("torch", "missing: " + e.getMessage());
            return null;
        }
    }

    /** Somebody who trains, on the way through the benchmark. */
    private static final class Entrant {
        private final String name;
        private final Role role;
        private final Precision precision;
        private final Verdict verdict;
        private final TimeSource source;
        private Timing timing;

        Entrant(String name, Role role, Precision precision, Verdict verdict, TimeSource source) {
            this.name = name;
            this.role = role;
            this.precision = precision;
            this.verdict = verdict;
            this.source = source;
        }
    }

    private List<Result> results(int members, double[] right, TorchProcess torch, int tablesLeft) {
        progress.accept("training " + NAME + ", " + members + " at once");
        List<Entrant> entrants = new ArrayList<>();
        entrants.add(ours(members, right));
        if (torch != null) {
            for (Way way : torch.ways()) {
                entrants.add(theirs(torch, way, members, right));
            }
        }
        List<Entrant> timed =
                entrants.stream().filter(one -> one.verdict.isRight()).toList();
        if (!budget.isSpent()) {
            time(timed, rule.within(Math.max(SAMPLE_SECONDS, budget.share(timed.size() * tablesLeft))));
        }
        entrants.stream().filter(one -> one.source != null).forEach(one -> one.source.close());
        Size size = Size.dense(PROBLEM.network().outputs(), PROBLEM.network().inputs(), PROBLEM.batch(), members);
        Work work =
                StepWorkloads.work(PROBLEM.network(), size, 1, PROBLEM.network().prunable());
        return entrants.stream()
                .map(one -> new Result(
                        "train " + NAME,
                        size,
                        one.name,
                        one.role,
                        one.precision,
                        one.verdict.isRight() && one.timing == null
                                ? Verdict.skipped("the budget was spent")
                                : one.verdict,
                        work,
                        work,
                        null,
                        one.timing,
                        Double.NaN,
                        null))
                .toList();
    }

    private Entrant ours(int members, double[] right) {
        Verdict verdict = verdict(Answers.of(PROBLEM, rig.backend(), members), right, Precision.FP32);
        TimeSource source = verdict.isRight() ? new Cohorts(rig.backend(), members) : null;
        return new Entrant("espalier", Role.SUBJECT, Precision.FP32, verdict, source);
    }

    private Entrant theirs(TorchProcess torch, Way way, int members, double[] right) {
        String name = "torch " + way.name();
        try {
            TorchProcess.Contestant contestant = torch.open(way, members);
            Verdict verdict = verdict(contestant.losses(), right, way.precision());
            return new Entrant(name, Role.PEER, way.precision(), verdict, contestant);
        } catch (IllegalStateException e) {
            return new Entrant(name, Role.PEER, way.precision(), Verdict.failed(e.getMessage()), null);
        }
    }

    private Verdict verdict(double[] losses, double[] right, Precision precision) {
        double own = oracle.roundoff() == 0 ? 0 : LOSS_BOUND;
        return Verdict.of(losses, right, own + (precision == Precision.TF32 ? LOSS_BOUND_TF32 : LOSS_BOUND));
    }

    private void time(List<Entrant> entrants, StoppingRule within) {
        List<Series> series = entrants.stream()
                .map(one -> new Series(rig, one.source, within))
                .toList();
        while (!series.stream().allMatch(Series::isDone)) {
            series.stream().filter(one -> !one.isDone()).forEach(Series::round);
        }
        for (int i = 0; i < series.size(); i++) {
            entrants.get(i).timing = series.get(i).timing();
        }
    }

    /** Steps of a cohort, as many in a sample as take a tenth of a second, but at most an epoch's. */
    private static final class Cohorts implements TimeSource {
        private final EspalierTraining training;
        private final int steps;

        Cohorts(Backend backend, int members) {
            training = new EspalierTraining(PROBLEM, backend, members);
            training.run(LEAST_STEPS);
            double one = seconds(LEAST_STEPS);
            steps = (int) Math.max(LEAST_STEPS, Math.min(STEPS_OF_AN_EPOCH, SAMPLE_SECONDS / one));
        }

        private double seconds(int count) {
            long start = System.nanoTime();
            training.run(count);
            return (System.nanoTime() - start) / 1e9 / count;
        }

        @Override
        public double sample() {
            return seconds(steps);
        }

        @Override
        public int repeats() {
            return steps;
        }

        @Override
        public void close() {
            training.close();
        }
    }
}
