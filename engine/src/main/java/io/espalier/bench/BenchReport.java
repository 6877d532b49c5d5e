package io.espalier.bench;

import java.util.List;
import java.util.Map;

/**
 * Everything that a benchmark found, and on what.
 *
 * @param environment machine, libraries, versions and command, by name
 * @param roofs null where none were measured
 * @param results one for every candidate of every workload
 */
public record BenchReport(Map<String, String> environment, Roofs roofs, List<Result> results) {
    /** A result's time over that of the fastest candidate in a role which answers the same; NaN where there is none. */
    public double toBest(Result result, Role role, Mode mode) {
        double best = results.stream()
                .filter(other -> other.role() == role && other.asks(result))
                .mapToDouble(other -> other.median(mode))
                .filter(seconds -> !Double.isNaN(seconds))
                .min()
                .orElse(Double.NaN);
        return result.median(mode) / best;
    }

    /** The share of the measured roof that a result reaches; NaN where one of both is missing. */
    public double roof(Result result, Mode mode) {
        return roofs == null ? Double.NaN : roofs.share(result.useful(), result.precision(), mode, result.median(mode));
    }

    /** Useful flop/s in a mode. */
    public static double flops(Result result, Mode mode) {
        return result.useful().flops() / result.median(mode);
    }

    /** Useful bytes/s in a mode. */
    public static double bandwidth(Result result, Mode mode) {
        return result.useful().bytes() / result.median(mode);
    }

    /** Whether a candidate gave a wrong answer, or one of ours none. */
    public boolean isBroken() {
        return results.stream()
                .map(result -> result.verdict().state() == Verdict.State.FAILED && result.role() == Role.SUBJECT
                        ? Verdict.State.WRONG
                        : result.verdict().state())
                .anyMatch(state -> state == Verdict.State.WRONG);
    }
}
