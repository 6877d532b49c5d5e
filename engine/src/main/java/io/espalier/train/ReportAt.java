package io.espalier.train;

/** Which weights of a phase count as its result. */
public enum ReportAt {
    /** Those after the last step. */
    LAST,
    /** Those of the epoch with the fewest validation errors, the earliest of equals. */
    BEST_VALIDATION
}
