package io.espalier.backend.contract;

/**
 * How far a backend was from the one that shadowed it.
 *
 * @param calls ops that were done twice and compared
 * @param worst the largest error over its bound; at most 1 where all is well
 * @param worstOp the op that showed it; empty where every answer was exact
 */
public record Parity(int calls, double worst, String worstOp) {
    /** Nothing was compared. */
    public static final Parity NONE = new Parity(0, 0, "");

    /** Both together. */
    public Parity plus(Parity other) {
        return new Parity(
                calls + other.calls, Math.max(worst, other.worst), other.worst > worst ? other.worstOp : worstOp);
    }

    /** Whether every answer was within its bound. */
    public boolean holds() {
        return worst <= 1;
    }
}
