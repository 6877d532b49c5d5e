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
        return roofs == null
                ? Double.NaN
                : roofs.share(result.counted(), result.precision(), mode, result.median(mode));
    }

    /** Flop/s in a mode, of what counts. */
    public static double flops(Result result, Mode mode) {
        return result.counted().flops() / result.median(mode);
    }

    /** Bytes/s in a mode, of what counts. */
    public static double bandwidth(Result result, Mode mode) {
        return result.counted().bytes() / result.median(mode);
    }

    /** Whether a candidate gave a wrong answer, or one of ours none. */
    public boolean isBroken() {
        return results.stream().anyMatch(result -> switch (result.verdict().state()) {
            case WRONG -> true;
            case FAILED -> result.role() == Role.SUBJECT;
            case RIGHT, SKIPPED -> false;
        });
    }
}
