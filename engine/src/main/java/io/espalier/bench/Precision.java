package io.espalier.bench;

/** In what numbers a candidate multiplies. */
public enum Precision {
    FP32(0x1p-24),
    /** Products of numbers that were rounded to 10 bits, summed in float32. */
    TF32(0x1p-11);

    private final double roundoff;

    Precision(double roundoff) {
        this.roundoff = roundoff;
    }

    /** u, the relative error of one rounding. */
    public double roundoff() {
        return roundoff;
    }
}
