package io.espalier.train;

/** The parts of a data set. Test data are read at readouts only, once everything is chosen. */
public enum Part {
    TRAINING,
    VALIDATION,
    TEST
}
