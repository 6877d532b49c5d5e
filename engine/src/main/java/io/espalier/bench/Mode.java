package io.espalier.bench;

/** What is in the caches when a time is taken. */
public enum Mode {
    /** Nothing of the operands: before every sample, memory twice the size of the cache is overwritten. One run a sample. */
    COLD,
    /** Whatever the run before left: many runs a sample, one after the other. */
    WARM
}
