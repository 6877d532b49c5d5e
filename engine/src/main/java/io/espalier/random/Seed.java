package io.espalier.random;

/** The one number from which every random choice of a trial derives. Two trials with equal seeds see the same batches. */
public record Seed(long value) {
    /** The low word of the Philox key. */
    public int low() {
        return (int) value;
    }

    /** The high word of the Philox key. */
    public int high() {
        return (int) (value >>> 32);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
