package io.espalier.experiments.cli;

/** What the process returns. */
final class ExitCode {
    static final int DONE = 0;
    /** A trial failed, or Espalier itself did. */
    static final int FAILED = 1;
    /** Bad usage or input. */
    static final int BAD_INPUT = 2;
    /** Device or library unavailable. */
    static final int UNAVAILABLE = 3;
    /** Verification, replay or benchmark regression. */
    static final int REGRESSION = 4;

    /** Interrupted; the same command goes on from here (EX_TEMPFAIL: schedulers requeue it). */
    static final int INTERRUPTED = 75;

    private ExitCode() {}
}
