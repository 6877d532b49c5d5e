package io.espalier.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What became faster or slower since an earlier report. */
public final class Comparison {
    private final List<Change> changes;
    private final boolean ofOneDevice;

    private Comparison(List<Change> changes, boolean ofOneDevice) {
        this.changes = List.copyOf(changes);
        this.ofOneDevice = ofOneDevice;
    }

    /** What became of one time. */
    public enum Label {
        /** The medians differ by no more than the threshold. */
        SAME,
        FASTER,
        SLOWER,
        /** The medians differ by more, but the samples overlap: between its quartiles each series reaches into the other. */
        UNCLEAR,
        /** One of both has no time. */
        UNKNOWN
    }

    /**
     * One time of then and now; where both were measured round by round beside a peer, its speedups, which do not depend on how fast
     * the machine is just now.
     *
     * @param before null where there was none
     * @param after null where there is none
     */
    public record Change(Result result, Mode mode, Summary before, Summary after, boolean ofSpeedups, Label label) {
        /** Median over median, above 1 where a time grew or a speedup did; NaN without both. */
        public double ratio() {
            return before == null || after == null ? Double.NaN : after.median() / before.median();
        }
    }

    /**
     * Compares every result of now with that of the same candidate, size and op of then.
     *
     * @param threshold the share by which a median may change
     */
    public static Comparison of(BenchReport then, BenchReport now, double threshold) {
        List<Change> changes = new ArrayList<>();
        for (Result result : now.results()) {
            Optional<Result> earlier = then.results().stream()
                    .filter(other -> other.asks(result) && other.candidate().equals(result.candidate()))
                    .findFirst();
            Summary speedupThen = earlier.map(Result::speedup).orElse(null);
            if (speedupThen != null && result.speedup() != null) {
                // A speedup is a time the other way round.
                Label label = label(result.speedup(), speedupThen, threshold);
                changes.add(new Change(result, Mode.WARM, speedupThen, result.speedup(), true, label));
                continue;
            }
            for (Mode mode : Mode.values()) {
                Summary before = earlier.map(other -> summary(other, mode)).orElse(null);
                Summary after = summary(result, mode);
                // Whole training steps have no cold times, neither then nor now.
                if (before != null || after != null || !result.verdict().isRight()) {
                    changes.add(new Change(result, mode, before, after, false, label(before, after, threshold)));
                }
            }
        }
        return new Comparison(changes, device(then).equals(device(now)));
    }

    private static String device(BenchReport report) {
        return report.environment().getOrDefault("device", "");
    }

    private static Summary summary(Result result, Mode mode) {
        Timing timing = result.timing(mode);
        return timing == null ? null : timing.summary();
    }

    private static Label label(Summary before, Summary after, double threshold) {
        if (before == null || after == null) {
            return Label.UNKNOWN;
        }
        double ratio = after.median() / before.median();
        if (ratio > 1 + threshold) {
            return after.q1() > before.q3() ? Label.SLOWER : Label.UNCLEAR;
        }
        if (ratio < 1 / (1 + threshold)) {
            return after.q3() < before.q1() ? Label.FASTER : Label.UNCLEAR;
        }
        return Label.SAME;
    }

    /** One for every result and mode of now. */
    public List<Change> changes() {
        return changes;
    }

    /** Whether both were measured on devices that call themselves the same. */
    public boolean isOfOneDevice() {
        return ofOneDevice;
    }

    /** Whether something of ours became slower where nothing but our code has changed: another device proves nothing. */
    public boolean isRegression() {
        return ofOneDevice
                && changes.stream()
                        .anyMatch(change -> change.label() == Label.SLOWER
                                && change.result().role() == Role.SUBJECT);
    }
}
