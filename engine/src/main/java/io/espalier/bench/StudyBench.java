package io.espalier.bench;

import io.espalier.bench.PeerBench.Kernels;
import io.espalier.network.NamedNetwork;
import io.espalier.network.NetworkSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A whole study beside libtorch, as somebody waits for it: from the start of the processes until the last has said what its networks err,
 * so with the start of Java, the reading of data, evaluation and files. LeNet-300-100 trains densely, then loses weights of every layer by
 * magnitude at one ratio after the other, with some epochs after each. We are one program with a worker a core; libtorch is a process
 * a core with its share of the seeds. All count test errors; once we count what networks err on the training digits as well, as a study
 * does unless it is told not to. The errors of the best must agree: who trains less is not faster.
 */
public final class StudyBench {
    /** Examples a step. */
    public static final int BATCH = 128;

    /** Of dense training. */
    public static final int EPOCHS = 30;

    /** After each cut. */
    public static final int RECOVERY = 5;

    /** Constant, with {@link TrainingProblem#MOMENTUM}. */
    public static final double LEARNING_RATE = 0.05;

    /** Weights for each that is left. */
    public static final List<Integer> RATIOS = List.of(2, 4, 8, 12, 16, 24, 32, 64);

    /** The argument that asks for what networks err on training examples, too. */
    public static final String TRAINING_ERRORS = "training-errors";

    /** Percentage points by which test errors may differ from the mean of all. */
    private static final double ERROR_BOUND = 0.75;

    private static final int EXAMPLES = 60_000;

    private final int rounds;
    private final int seeds;
    private final Consumer<String> progress;

    /**
     * Runs everybody's study so often, in turn.
     *
     * @param seeds networks in each study; whole cores have as many
     */
    public StudyBench(int rounds, int seeds, Consumer<String> progress) {
        this.rounds = rounds;
        this.seeds = seeds;
        this.progress = progress;
    }

    private static final class Entrant {
        private final String name;
        private final Role role;
        private final List<List<String>> commands;
        private final Map<String, String> environment;
        private final Samples samples = new Samples();
        private double[] errors;
        private Verdict verdict;

        Entrant(String name, Role role, List<List<String>> commands, Map<String, String> environment) {
            this.name = name;
            this.role = role;
            this.commands = commands;
            this.environment = environment;
        }

        void run() {
            long start = System.nanoTime();
            try (Contest contest = new Contest(commands, environment)) {
                errors = contest.answers().stream().reduce(StudyBench::least).orElseThrow();
                samples.add((System.nanoTime() - start) / 1e9);
            } catch (IllegalStateException e) {
                verdict = Verdict.failed(e.getMessage());
            }
        }
    }

    /**
     * Runs them.
     *
     * @param ours a class whose arguments are data folder, workers, seeds and, where they are wanted, {@link #TRAINING_ERRORS}, with
     *     {@link Contestant#say} at its end
     * @param libtorch a class whose arguments are data folder, first seed and seeds
     * @param data the folder with the data sets
     */
    public List<Result> measured(String ours, String libtorch, String data) {
        int cores = Math.min(seeds, Runtime.getRuntime().availableProcessors());
        List<Entrant> entrants = new ArrayList<>();
        entrants.add(new Entrant("espalier run", Role.SUBJECT, List.of(command(ours, data, cores, seeds)), Map.of()));
        List<String> more = new ArrayList<>(command(ours, data, cores, seeds));
        more.add(TRAINING_ERRORS);
        entrants.add(new Entrant("espalier run, training errors too", Role.SUBJECT, List.of(more), Map.of()));
        for (Kernels kernels : PeerBench.KERNELS) {
            List<List<String>> commands = new ArrayList<>();
            for (int core = 0; core < cores; core++) {
                int first = core * seeds / cores;
                commands.add(command(libtorch, data, first, (core + 1) * seeds / cores - first));
            }
            entrants.add(new Entrant(
                    "libtorch" + kernels.suffix() + ", a process a core", Role.PEER, commands, kernels.environment()));
        }
        for (int round = 0; round < rounds; round++) {
            for (Entrant entrant : entrants) {
                if (entrant.verdict == null) {
                    progress.accept("study " + (round + 1) + "/" + rounds + ": " + entrant.name);
                    entrant.run();
                }
            }
        }
        return rows(entrants);
    }

    /**
     * Number by number: the best of all networks at every station. At the last one ten outputs share 15 weights; where two have none,
     * one of them is never the answer, which costs ten points, by chance.
     */
    public static double[] least(double[] some, double[] others) {
        double[] least = new double[some.length];
        Arrays.setAll(least, i -> Math.min(some[i], others[i]));
        return least;
    }

    private static List<String> command(String main, String data, int first, int second) {
        List<String> command = new ArrayList<>(Contest.java());
        command.addAll(List.of(main, data, Integer.toString(first), Integer.toString(second)));
        return command;
    }

    private List<Result> rows(List<Entrant> entrants) {
        List<double[]> all = entrants.stream()
                .filter(one -> one.verdict == null)
                .map(one -> one.errors)
                .toList();
        entrants.stream().filter(one -> one.verdict == null).forEach(one -> one.verdict = agreement(one.errors, all));
        List<Entrant> right =
                entrants.stream().filter(one -> one.verdict.isRight()).toList();
        Optional<Entrant> best = right.stream()
                .filter(one -> one.role == Role.PEER)
                .min(Comparator.comparingDouble(one -> one.samples.summary().median()));
        NetworkSpec network = NamedNetwork.LENET_300_100.spec();
        Size size = Size.dense(network.outputs(), network.inputs(), BATCH, seeds);
        Work work = work(network, size);
        List<Result> results = new ArrayList<>();
        for (Entrant entrant : entrants) {
            boolean timed = right.contains(entrant);
            results.add(new Result(
                    "study of " + NamedNetwork.LENET_300_100.key(),
                    size,
                    entrant.name,
                    entrant.role,
                    Precision.FP32,
                    entrant.verdict,
                    work,
                    work,
                    null,
                    timed ? new Timing(entrant.samples.summary(), 1, StoppingRule.Reason.TIMEOUT, 0) : null,
                    Double.NaN,
                    timed && entrant.role == Role.SUBJECT && best.isPresent()
                            ? best.get().samples.over(entrant.samples).summary()
                            : null));
        }
        return results;
    }

    /** Whether errors, in percent, are those of everybody. */
    private static Verdict agreement(double[] errors, List<double[]> all) {
        double worst = 0;
        for (int i = 0; i < errors.length; i++) {
            int station = i;
            double mean =
                    all.stream().mapToDouble(other -> other[station]).average().orElseThrow();
            worst = Math.max(worst, Math.abs(errors[i] - mean) / ERROR_BOUND);
            if (!(worst <= 1)) {
                return Verdict.wrong("a test error of " + errors[i] + " % after "
                        + (i == 0 ? "dense training" : "ratio " + RATIOS.get(i - 1)) + ", where the mean of all is "
                        + mean + " %");
            }
        }
        return Verdict.right(worst, errors.length);
    }

    /** Products of weights that are left, of all steps of all seeds. */
    private static Work work(NetworkSpec network, Size size) {
        double steps = Math.ceil((double) EXAMPLES / BATCH);
        Work step = StepWorkloads.work(network, size, 1, network.prunable());
        double full = EPOCHS
                + RATIOS.stream()
                        .mapToDouble(ratio -> (double) RECOVERY / ratio)
                        .sum();
        return new Work(steps * full * step.flops(), steps * full * step.bytes());
    }
}
