package io.espalier.study;

/** What a trial is for. */
public enum Purpose {
    /** A row of the results. */
    RESULT,
    /** Something to choose by: it never reads the test data. */
    SELECTION
}
