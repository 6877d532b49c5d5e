package io.espalier.coding;

/** Half precision, IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction. Java has no conversions before release 20. */
public final class Binary16 {
    private static final int INFINITY = 0x7C00;
    private static final int QUIET = 0x0200;
    private static final int SIGN = 0x8000;

    /** Bits of a float's fraction that a half has not. */
    private static final int DROPPED = 13;

    /** What the exponent of a float counts from, less what that of a half counts from: 127 - 15. */
    private static final int REBIAS = 112;

    private Binary16() {}

    /** The nearest half, of two equally near the one with an even last bit; infinity from 65520 on; NaN remains NaN. */
    public static short of(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & SIGN;
        int magnitude = bits & Integer.MAX_VALUE;
        if (Float.isNaN(value)) {
            return (short) (sign | INFINITY | QUIET | (magnitude >>> DROPPED & QUIET - 1));
        }
        if (Math.abs(value) < 0x1p-14f) {
            return (short) (sign | (int) Math.rint(Math.abs((double) value) * 0x1p24));
        }
        int rounded = magnitude + (1 << DROPPED - 1) - 1 + (magnitude >>> DROPPED & 1);
        int half = (rounded >>> DROPPED) - (REBIAS << 10);
        return (short) (sign | Math.min(half, INFINITY));
    }

    /** Exact. */
    public static float toFloat(short half) {
        int sign = (half & SIGN) << 16;
        int magnitude = half & SIGN - 1;
        if (magnitude < 0x0400) {
            float value = magnitude * 0x1p-24f;
            return sign == 0 ? value : -value;
        }
        int exponent = magnitude >= INFINITY ? 0xFF - 0x1F : REBIAS;
        return Float.intBitsToFloat(sign | magnitude + (exponent << 10) << DROPPED);
    }
}
