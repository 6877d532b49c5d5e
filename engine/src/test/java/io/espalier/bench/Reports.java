package io.espalier.bench;

import java.util.List;
import java.util.Map;

/** Reports for tests, of one workload with three candidates. */
final class Reports {
    static final Size SIZE = new Size(300, 784, 128, 64, 0.95, 1);
    private static final Work USEFUL = new Work(2e9, 1e8);

    private Reports() {}

    /** Times of which half lie within 1 % of this median. */
    static Timing timing(double median) {
        Summary summary = new Summary(
                40,
                median,
                0.012,
                0.97 * median,
                0.98 * median,
                0.99 * median,
                median,
                1.01 * median,
                1.02 * median,
                1.5 * median);
        return new Timing(summary, 25, StoppingRule.Reason.STABLE, 3);
    }

    static Result result(String candidate, Role role, Verdict verdict, Timing cold, Timing warm) {
        return new Result(
                "sparseLinear",
                SIZE,
                candidate,
                role,
                Precision.FP32,
                verdict,
                USEFUL,
                new Work(4e10, 2e8),
                cold,
                warm,
                4e-6,
                null);
    }

    /** Ours, a peer of 40 and 20 us, and a peer with a wrong answer. */
    static BenchReport of(double cold, double warm) {
        return new BenchReport(
                Map.of("device", "a device", "command", "espalier bench kernels"),
                new Roofs(5e13, Double.NaN, 4e12, 8e12),
                List.of(
                        result("espalier sparse", Role.SUBJECT, Verdict.right(0.25, 38400), timing(cold), timing(warm)),
                        result("cublas fp32", Role.PEER, Verdict.right(0.5, 38400), timing(40e-6), timing(20e-6)),
                        result("cublas tf32", Role.PEER, Verdict.wrong("z[3] is 1, \"too\" much"), null, null)));
    }
}
