package io.espalier.bench;

/**
 * What came of checking a candidate.
 *
 * @param state how it ended
 * @param worst the largest error over its bound; at most 1 where all is right
 * @param compared how many numbers were compared
 * @param reason why it has no time; empty where all is right
 */
public record Verdict(State state, double worst, long compared, String reason) {
    /** How it ended. */
    public enum State {
        RIGHT,
        /** A number is out of its bound: there is no time for a wrong answer. */
        WRONG,
        /** It refused, or broke down. */
        FAILED,
        /** There was no time left. */
        SKIPPED
    }

    /** Of numbers that may differ by a share of what is right. */
    static Verdict of(double[] said, double[] right, double bound) {
        double worst = 0;
        for (int i = 0; i < right.length; i++) {
            double error = i < said.length ? Math.abs(said[i] - right[i]) / (bound * Math.abs(right[i])) : Double.NaN;
            if (!(error <= 1)) {
                return wrong("answer " + (i + 1) + " of " + right.length + " is "
                        + (i < said.length ? said[i] : "missing") + " instead of " + right[i]);
            }
            worst = Math.max(worst, error);
        }
        return right(worst, right.length);
    }

    static Verdict right(double worst, long compared) {
        return new Verdict(State.RIGHT, worst, compared, "");
    }

    static Verdict wrong(String reason) {
        return new Verdict(State.WRONG, Double.NaN, 0, reason);
    }

    static Verdict failed(String reason) {
        return new Verdict(State.FAILED, Double.NaN, 0, reason);
    }

    static Verdict skipped(String reason) {
        return new Verdict(State.SKIPPED, Double.NaN, 0, reason);
    }

    /** Whether its time may be taken. */
    public boolean isRight() {
        return state == State.RIGHT;
    }
}
