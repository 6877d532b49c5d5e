package io.espalier.bench;

import io.espalier.backend.Tensor;
import io.espalier.bench.Candidate.Prepared;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Checks and measures the candidates of workloads, one workload after the other, the candidates of one in turn. */
public final class KernelBench {
    private static final double LEAST_SHARE = 0.02;
    private static final int CALLS = 20;
    private static final int CALL_ROUNDS = 9;

    private final Rig rig;
    private final Oracle oracle;
    private final StoppingRule rule;
    private final Budget budget;
    private final Consumer<String> progress;

    /**
     * Measures by this rule within this budget.
     *
     * @param oracle where the right answers come from
     * @param progress told one line for every workload
     */
    public KernelBench(Rig rig, Oracle oracle, StoppingRule rule, Budget budget, Consumer<String> progress) {
        this.rig = rig;
        this.oracle = oracle;
        rig.note("answers from", oracle.describe());
        this.rule = rule;
        this.budget = budget;
        this.progress = progress;
    }

    /** Checks and measures everything; candidates that are wrong, or for which no time is left, have no time. */
    public List<Result> measured(Grid grid, Set<Family> families) {
        return all(grid.workloads(rig, families), true);
    }

    /** Only checks, and runs every candidate once more: what a profiler wants to look at. */
    public List<Result> checked(Grid grid, Set<Family> families) {
        return all(grid.workloads(rig, families), false);
    }

    List<Result> all(List<Workload> workloads, boolean timed) {
        int left = workloads.stream().mapToInt(one -> one.candidates().size()).sum() * Mode.values().length;
        List<Result> results = new ArrayList<>();
        for (int i = 0; i < workloads.size(); i++) {
            Workload workload = workloads.get(i);
            Size size = workload.size();
            progress.accept(i + 1 + "/" + workloads.size() + " " + workload.op() + " " + size.outputs() + "x"
                    + size.inputs() + " batch " + size.batch() + " members " + size.members());
            results.addAll(results(workload, timed, left));
            left -= workload.candidates().size() * Mode.values().length;
        }
        return results;
    }

    /** A candidate on its way through the benchmark. */
    private static final class Entrant {
        private final Candidate candidate;
        private final Map<Mode, Timing> timings = new EnumMap<>(Mode.class);
        private Prepared prepared;
        private Verdict verdict;
        private double callSeconds = Double.NaN;

        Entrant(Candidate candidate) {
            this.candidate = candidate;
        }

        Result result(Workload workload) {
            return new Result(
                    workload.op(),
                    workload.size(),
                    candidate.name(),
                    candidate.role(),
                    candidate.precision(),
                    verdict,
                    workload.useful(),
                    candidate.issued(),
                    timings.get(Mode.COLD),
                    timings.get(Mode.WARM),
                    callSeconds,
                    null);
        }
    }

    private List<Result> results(Workload workload, boolean timed, int measurementsLeft) {
        List<Entrant> entrants =
                workload.candidates().stream().map(Entrant::new).toList();
        if (budget.isSpent()) {
            entrants.forEach(one -> one.verdict = Verdict.skipped("the budget was spent"));
        } else {
            Gate gate = new Gate(workload, oracle);
            try (Operands operands = new Operands(
                    rig.backend(), workload.size(), 0, workload.size().members(), false)) {
                entrants.forEach(one -> check(one, gate, operands));
                List<Entrant> right =
                        entrants.stream().filter(one -> one.verdict.isRight()).toList();
                if (timed) {
                    time(right, measurementsLeft);
                }
            }
        }
        return entrants.stream().map(one -> one.result(workload)).toList();
    }

    /** What another library refuses, or a device has no room for, costs that candidate its time and nobody else's. */
    private static void check(Entrant entrant, Gate gate, Operands operands) {
        try {
            entrant.prepared = entrant.candidate.setup().on(operands);
            entrant.verdict = gate.verdict(operands, entrant.prepared, entrant.candidate.precision());
        } catch (RuntimeException e) {
            entrant.verdict = Verdict.failed(e.getMessage());
        }
    }

    private void time(List<Entrant> entrants, int measurementsLeft) {
        for (Entrant entrant : entrants) {
            if (rig.launches()) {
                entrant.callSeconds = callSeconds(entrant.prepared.run());
            }
        }
        int left = measurementsLeft;
        for (Mode mode : Mode.values()) {
            StoppingRule within = rule.within(Math.max(LEAST_SHARE, budget.share(left)));
            List<Sampler> samplers = new ArrayList<>();
            try {
                for (Entrant entrant : entrants) {
                    samplers.add(new Sampler(rig, mode, entrant.prepared.run(), Math.min(1, within.timeout() / 4)));
                }
                List<Series> series = samplers.stream()
                        .map(sampler -> new Series(rig, sampler, within))
                        .toList();
                while (!series.stream().allMatch(Series::isDone)) {
                    series.stream().filter(one -> !one.isDone()).forEach(Series::round);
                }
                for (int i = 0; i < series.size(); i++) {
                    entrants.get(i).timings.put(mode, series.get(i).timing());
                }
            } finally {
                samplers.forEach(Sampler::close);
            }
            left -= entrants.size();
        }
    }

    /** The median of rounds that are short enough for no launch to wait for room in the queue. */
    private double callSeconds(Runnable run) {
        double[] seconds = new double[CALL_ROUNDS];
        for (int round = 0; round < CALL_ROUNDS; round++) {
            rig.backend().finish();
            long start = System.nanoTime();
            for (int i = 0; i < CALLS; i++) {
                run.run();
            }
            seconds[round] = (System.nanoTime() - start) / 1e9 / CALLS;
        }
        rig.backend().finish();
        Arrays.sort(seconds);
        return seconds[CALL_ROUNDS / 2];
    }

    // ---- roofs ------------------------------------------------------------------------------------------------------

    /** How fast the device can be: the largest product, and a kernel that reads and writes. */
    public Roofs roofs() {
        progress.accept("roofs");
        Size size = Size.dense(rig.roofEdge(), rig.roofEdge(), rig.roofEdge(), 1);
        Map<Precision, Double> flops = new EnumMap<>(Precision.class);
        try (Operands operands = new Operands(rig.backend(), size, 0, 1, false)) {
            List<Candidate> products =
                    DenseOp.FORWARD.candidates(rig, size, DenseOp.plain(size), rig.ownDense(), Role.PEER, Role.PEER);
            for (Candidate product : products) {
                double seconds = seconds(product.setup().on(operands).run());
                flops.merge(product.precision(), DenseOp.work(size).flops() / seconds, Math::max);
            }
        }
        return new Roofs(
                flops.get(Precision.FP32),
                flops.getOrDefault(Precision.TF32, Double.NaN),
                copied(8 * rig.cacheBytes()),
                copied(rig.cacheBytes() / 8));
    }

    /** Bytes a second of a kernel that reads so many and writes as many. */
    private double copied(long bytes) {
        int floats = (int) Math.min(bytes / Float.BYTES, 1 << 28);
        try (Operands operands = new Operands(rig.backend(), Size.dense(1, 1, 1, 1), 0, 1, false)) {
            Tensor from = operands.reals("from", 1, floats);
            Tensor to = operands.output("to", 1, floats);
            return 2.0 * Float.BYTES * floats / seconds(() -> rig.backend().square(from, 1, to));
        }
    }

    /** The best of ten samples: a roof is what was reached once. */
    private double seconds(Runnable run) {
        try (Sampler sampler = new Sampler(rig, Mode.WARM, run, 1)) {
            double best = Double.POSITIVE_INFINITY;
            for (int i = 0; i < 10; i++) {
                best = Math.min(best, sampler.sample());
            }
            return best;
        }
    }
}
