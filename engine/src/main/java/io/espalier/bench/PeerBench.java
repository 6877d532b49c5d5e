package io.espalier.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Training beside libtorch on processors. Everybody is a process of its own, started anew for every row, and takes one sample in every
 * round, so that whatever disturbs the machine disturbs all; a speedup is the median over the rounds of the fastest peer's time over
 * ours. Whose answers differ from the reference's is not timed. libtorch runs with each of the kernels that its OpenBLAS has for
 * such processors: what it picks by itself, and Zen's.
 */
public final class PeerBench {
    private static final double ANSWER_BOUND = 1e-4;
    private static final String PLAIN = "plain";
    private static final String CHANNELS_LAST = "channels-last";
    private static final List<String> GAUSS_NEWTON = List.of("gauss-newton", "gauss-newton-summed");
    private static final String CORE_TYPE = "OPENBLAS_CORETYPE";

    /** What libtorch's OpenBLAS is told; nothing, so that it picks by itself. */
    static final List<Kernels> KERNELS = List.of(new Kernels("", ""), new Kernels(", Zen kernels", "Zen"));

    record Kernels(String suffix, String coreType) {
        Map<String, String> environment() {
            return Map.of(CORE_TYPE, coreType);
        }
    }

    private final Oracle oracle;
    private final StoppingRule rule;
    private final Budget budget;
    private final Consumer<String> progress;
    private final String libtorch;
    private final int cores = Runtime.getRuntime().availableProcessors();

    /**
     * As {@link KernelBench}.
     *
     * @param libtorch the class with libtorch's side, of the class path
     */
    public PeerBench(
            Rig rig, Oracle oracle, StoppingRule rule, Budget budget, String libtorch, Consumer<String> progress) {
        this.oracle = oracle;
        this.rule = rule;
        this.budget = budget;
        this.libtorch = libtorch;
        this.progress = progress;
        rig.note("answers from", oracle.describe());
        rig.note("threads", "one a process and a row, but for rows of many trials: " + cores + " in all");
    }

    /** Checks and measures. */
    public List<Result> measured(PeerGrid grid) {
        List<Row> rows = new ArrayList<>();
        for (TrainingProblem problem : grid.alone()) {
            rows.add(new Row(problem, problem.load().op(), 1, false));
            if (problem.load() instanceof Load.CurvaturePass) {
                rows.add(new Row(problem, "curvature pass beside Gauss-Newton", 1, false));
            }
        }
        for (int trials : grid.trials()) {
            grid.together()
                    .forEach(problem -> rows.add(
                            new Row(problem, "trials: " + problem.load().op(), trials, true)));
        }
        List<Result> results = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            results.addAll(results(rows.get(i), rows.size() - i));
        }
        return results;
    }

    /**
     * What is compared.
     *
     * @param trials how many networks train at once
     * @param together whether all cores are used
     */
    private record Row(TrainingProblem problem, String op, int trials, boolean together) {
        Size size() {
            Size dense =
                    Size.dense(problem.network().outputs(), problem.network().inputs(), problem.batch(), trials);
            return problem.load().of(dense);
        }

        boolean isGaussNewton() {
            return op.endsWith("Gauss-Newton");
        }
    }

    /** Somebody on the way through the benchmark. */
    private static final class Entrant {
        private final String name;
        private final Role role;
        private final Contest contest;
        private final Samples samples = new Samples();
        private final StoppingRule.Watch watch;
        private Verdict verdict;
        private StoppingRule.Reason reason;

        Entrant(String name, Role role, Contest contest, StoppingRule rule) {
            this.name = name;
            this.role = role;
            this.contest = contest;
            this.watch = rule.watch();
        }

        double median() {
            return samples.summary().median();
        }
    }

    private List<Result> results(Row row, int rowsLeft) {
        progress.accept(row.op + " of " + row.problem.name() + ", batch " + row.problem.batch() + ", "
                + row.problem.load() + (row.together ? ", " + row.trials + " at once" : ""));
        StoppingRule within = rule.within(Math.max(1, budget.share(rowsLeft) / 4));
        List<Entrant> entrants = new ArrayList<>();
        try {
            boolean spent = budget.isSpent();
            double[] right = spent ? null : Answers.of(row.problem, oracle.backend(), 1);
            for (Entrant entrant : spent ? List.<Entrant>of() : started(row, within)) {
                entrants.add(entrant);
                entrant.verdict = verdict(entrant, right, row.isGaussNewton());
            }
            List<Entrant> timed =
                    entrants.stream().filter(one -> one.verdict.isRight()).toList();
            time(timed, within);
            return rows(row, entrants, timed);
        } finally {
            entrants.forEach(one -> one.contest.close());
        }
    }

    private List<Entrant> started(Row row, StoppingRule within) {
        List<Entrant> entrants = new ArrayList<>();
        entrants.add(new Entrant(
                "espalier",
                Role.SUBJECT,
                contest(1, EspalierContestant.class.getName(), row, row.trials, row.together ? cores : 1, "", Map.of()),
                within));
        boolean convolutional = !row.problem.network().architecture().topology().isPerceptron();
        List<String> variants =
                row.isGaussNewton() ? GAUSS_NEWTON : convolutional ? List.of(PLAIN, CHANNELS_LAST) : List.of(PLAIN);
        for (String variant : variants) {
            for (Kernels kernels : KERNELS) {
                String called = "libtorch" + (variant.equals(PLAIN) ? "" : " " + variant) + kernels.suffix;
                Map<String, String> environment = kernels.environment();
                int processes = row.together ? Math.min(cores, row.trials) : 1;
                int each = (row.trials + processes - 1) / processes;
                entrants.add(new Entrant(
                        called + (row.together ? ", a process a core" : ""),
                        Role.PEER,
                        contest(processes, libtorch, row, each, 1, variant, environment),
                        within));
                if (row.together && row.trials == 1) {
                    entrants.add(new Entrant(
                            called + ", all cores",
                            Role.PEER,
                            contest(1, libtorch, row, 1, cores, variant, environment),
                            within));
                }
            }
        }
        return entrants;
    }

    private Contest contest(
            int processes,
            String main,
            Row row,
            int trials,
            int threads,
            String variant,
            Map<String, String> environment) {
        List<String> command = new ArrayList<>(Contest.java());
        command.addAll(List.of(
                main,
                row.problem.name(),
                Integer.toString(row.problem.batch()),
                row.problem.load().toString(),
                Integer.toString(trials),
                Integer.toString(threads),
                variant));
        return new Contest(Collections.nCopies(processes, command), environment);
    }

    /** Gauss-Newton's curvatures are those of the recursion in the last layer only. */
    private static Verdict verdict(Entrant entrant, double[] right, boolean lastOnly) {
        try {
            boolean cut = lastOnly && entrant.role == Role.PEER;
            List<Verdict> verdicts = entrant.contest.answers().stream()
                    .map(said -> cut
                            ? Verdict.of(last(said), last(right), ANSWER_BOUND)
                            : Verdict.of(said, right, ANSWER_BOUND))
                    .toList();
            return verdicts.stream()
                    .filter(verdict -> !verdict.isRight())
                    .findFirst()
                    .orElse(verdicts.get(0));
        } catch (IllegalStateException e) {
            return Verdict.failed(e.getMessage());
        }
    }

    private static double[] last(double[] numbers) {
        return Arrays.copyOfRange(numbers, numbers.length - 1, numbers.length);
    }

    private static void time(List<Entrant> entrants, StoppingRule within) {
        // As many at a time as there are cores.
        entrants.parallelStream().forEach(one -> one.contest.warmUp(within.timeout()));
        long start = System.nanoTime();
        while (entrants.stream().anyMatch(one -> one.reason == null)) {
            for (Entrant entrant : entrants) {
                entrant.samples.add(entrant.contest.sample());
                entrant.watch.noticed(entrant.samples.noise());
            }
            double each = (System.nanoTime() - start) / 1e9 / entrants.size();
            entrants.forEach(
                    one -> one.reason = one.watch.verdict(one.samples, each).orElse(one.reason));
        }
    }

    private static List<Result> rows(Row row, List<Entrant> entrants, List<Entrant> timed) {
        Optional<Entrant> best =
                timed.stream().filter(one -> one.role == Role.PEER).min(Comparator.comparingDouble(Entrant::median));
        List<Result> results = new ArrayList<>();
        for (Entrant entrant : entrants) {
            boolean right = entrant.verdict.isRight();
            Timing timing =
                    right ? new Timing(entrant.samples.summary(), entrant.contest.repeats(), entrant.reason, 0) : null;
            Summary speedup = right && entrant.role == Role.SUBJECT && best.isPresent()
                    ? best.get().samples.over(entrant.samples).summary()
                    : null;
            results.add(new Result(
                    row.op + " of " + row.problem.name(),
                    row.size(),
                    entrant.name,
                    entrant.role,
                    Precision.FP32,
                    entrant.verdict,
                    work(row),
                    work(row),
                    null,
                    timing,
                    Double.NaN,
                    speedup));
        }
        return results;
    }

    /** What is useful: products of weights that are there, numbers that are stored in and out. */
    private static Work work(Row row) {
        TrainingProblem problem = row.problem;
        double density = (double) problem.alive() / problem.network().prunable();
        double stored = row.size().compression() > 1
                ? (double) problem.network().prunable() / row.size().compression()
                : problem.alive();
        // A step reads and writes weights and velocities; curvature reads weights and writes as many numbers, with a
        // step's products.
        double moved = problem.load() instanceof Load.CurvaturePass ? stored / 2 : stored;
        return StepWorkloads.work(problem.network(), row.size(), density, moved);
    }
}
