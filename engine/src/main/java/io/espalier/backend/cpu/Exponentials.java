package io.espalier.backend.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * exp and tanh from additions, products and bit patterns alone.
 *
 * <p>The Vector API has both, but answers with other bits once the just-in-time compiler has replaced its Java fallback, so
 * that a run would depend on when that happened. Polynomials: Moshier's Cephes library (expf, tanhf), good to two units.
 */
final class Exponentials {
    private static final float LARGEST = 88.37f;
    private static final float SMALLEST = -87.33f;
    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;

    /** Adding it to a float of moderate size rounds that to an integer, held in the low bits. */
    private static final float ROUNDER = 12582912f;

    private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);
    private static final int EXPONENT_BIAS = 127;
    private static final int MANTISSA_BITS = 23;

    private static final float TANH_SMALL = 0.625f;

    private Exponentials() {}

    /**
     * exp of every number, in place. A loop of its own, small enough for the compiler to keep its vectors in registers.
     *
     * @param count a multiple of {@link Lanes#WIDTH}
     */
    static void expInPlace(float[] values, int count) {
        for (int i = 0; i < count; i += Lanes.WIDTH) {
            exp(FloatVector.fromArray(Lanes.FLOATS, values, i)).intoArray(values, i);
        }
    }

    /** exp(x); arguments outside -87.33 .. 88.37 count as the nearer end. NaN stays NaN. */
    static FloatVector exp(FloatVector x) {
        FloatVector inside = x.min(LARGEST).max(SMALLEST);
        FloatVector shifted = inside.mul(LOG2_E).add(ROUNDER);
        FloatVector n = shifted.sub(ROUNDER);
        FloatVector r = inside.sub(n.mul(LN2_HIGH)).sub(n.mul(LN2_LOW));
        FloatVector p = FloatVector.broadcast(Lanes.FLOATS, 1.9875691500e-4f);
        p = next(p, r, 1.3981999507e-3f);
        p = next(p, r, 8.3334519073e-3f);
        p = next(p, r, 4.1665795894e-2f);
        p = next(p, r, 1.6666665459e-1f);
        p = next(p, r, 5.0000001201e-1f);
        FloatVector fraction = p.fma(r.mul(r), r).add(1f);
        IntVector powerOfTwo = shifted.reinterpretAsInts()
                .sub(ROUNDER_BITS - EXPONENT_BIAS)
                .lanewise(VectorOperators.LSHL, MANTISSA_BITS);
        return fraction.mul(powerOfTwo.reinterpretAsFloats());
    }

    /** tanh(x): a polynomial near zero, (1 - e) / (1 + e) with e = exp(-2 |x|) elsewhere. */
    static FloatVector tanh(FloatVector x) {
        FloatVector z = x.mul(x);
        FloatVector p = FloatVector.broadcast(Lanes.FLOATS, -5.70498872745e-3f);
        p = next(p, z, 2.06390887954e-2f);
        p = next(p, z, -5.37397155531e-2f);
        p = next(p, z, 1.33314422036e-1f);
        p = next(p, z, -3.33332819422e-1f);
        FloatVector near = p.mul(z).fma(x, x);
        FloatVector magnitude = x.abs();
        FloatVector e = exp(magnitude.mul(-2f));
        FloatVector one = FloatVector.broadcast(Lanes.FLOATS, 1f);
        FloatVector far = one.sub(e).div(e.add(1f));
        far = far.blend(far.neg(), x.compare(VectorOperators.LT, 0f));
        VectorMask<Float> small = magnitude.compare(VectorOperators.LT, TANH_SMALL);
        return far.blend(near, small);
    }

    private static FloatVector next(FloatVector p, FloatVector r, float coefficient) {
        return p.fma(r, FloatVector.broadcast(Lanes.FLOATS, coefficient));
    }
}
