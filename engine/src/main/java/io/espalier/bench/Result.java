package io.espalier.bench;

/**
 * A row of the table: one candidate of one workload.
 *
 * @param useful what any candidate has to do at least
 * @param issued what this one does
 * @param cold null without a time
 * @param warm null without a time
 * @param callSeconds what a call costs on the host, its checks, JNI and the driver; NaN where calls return when they are done
 * @param speedup the fastest peer's time over its own, round by round; null where it was not measured so
 */
public record Result(
        String op,
        Size size,
        String candidate,
        Role role,
        Precision precision,
        Verdict verdict,
        Work useful,
        Work issued,
        Timing cold,
        Timing warm,
        double callSeconds,
        Summary speedup) {
    /** Its time in a mode, or null. */
    public Timing timing(Mode mode) {
        return mode == Mode.COLD ? cold : warm;
    }

    /** Median seconds in a mode; NaN without a time. */
    public double median(Mode mode) {
        Timing timing = timing(mode);
        return timing == null ? Double.NaN : timing.summary().median();
    }

    /** What its speed is computed from: what is useful, or, for a baseline, which does another job, what it does. */
    public Work counted() {
        return role == Role.BASELINE ? issued : useful;
    }

    /** Whether both answer the same question. */
    boolean asks(Result other) {
        return op.equals(other.op) && size.equals(other.size);
    }
}
