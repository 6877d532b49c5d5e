package io.espalier.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class ExponentialsTest {
    private static float[] arguments() {
        float[] x = new float[Lanes.padded(40_000)];
        for (int i = 0; i < x.length; i++) {
            x[i] = (i - x.length / 2) * (174f / x.length);
        }
        return x;
    }

    private static float[] apply(UnaryOperator<FloatVector> f, float[] x) {
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i += Lanes.WIDTH) {
            f.apply(FloatVector.fromArray(Lanes.FLOATS, x, i)).intoArray(y, i);
        }
        return y;
    }

    private static double worstUnits(UnaryOperator<FloatVector> f, DoubleUnaryOperator right) {
        float[] x = arguments();
        float[] y = apply(f, x);
        double worst = 0;
        for (int i = 0; i < x.length; i++) {
            double expected = right.applyAsDouble(x[i]);
            worst = Math.max(worst, Math.abs(y[i] - expected) / Math.ulp((float) expected));
        }
        return worst;
    }

    @Test
    void accuracy() {
        double exp = worstUnits(Exponentials::exp, Math::exp);
        double tanh = worstUnits(Exponentials::tanh, Math::tanh);
        assertTrue(exp <= 2, "exp is off by " + exp + " units in the last place");
        assertTrue(tanh <= 2, "tanh is off by " + tanh + " units in the last place");
    }

    @Test
    void ends() {
        float[] x = new float[Lanes.WIDTH];
        Arrays.fill(x, Float.NaN);
        assertTrue(Float.isNaN(apply(Exponentials::exp, x)[0]));
        assertTrue(Float.isNaN(apply(Exponentials::tanh, x)[0]));
        Arrays.fill(x, 1000f);
        assertEquals(1f, apply(Exponentials::tanh, x)[0]);
        assertTrue(Float.isFinite(apply(Exponentials::exp, x)[0]));
        Arrays.fill(x, -1000f);
        assertEquals(-1f, apply(Exponentials::tanh, x)[0]);
        assertEquals(0f, apply(Exponentials::exp, x)[0], 1e-37f);
    }

    /** The Vector API's own exp and tanh fail this: interpreted and compiled code give different bits. */
    @Test
    void compilationDoesNotChangeTheBits() {
        float[] x = arguments();
        float[] coldExp = apply(Exponentials::exp, x);
        float[] coldTanh = apply(Exponentials::tanh, x);
        for (int round = 0; round < 60; round++) {
            assertArrayEquals(coldExp, apply(Exponentials::exp, x));
            assertArrayEquals(coldTanh, apply(Exponentials::tanh, x));
        }
    }
}
