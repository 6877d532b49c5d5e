package io.espalier.bench;

/** Kinds of workloads, for those who want to measure only some. */
public enum Family {
    DENSE,
    SPARSE,
    HASHED,
    CURVATURE,
    MEMORY,
    STEP
}
