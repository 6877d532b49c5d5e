package io.espalier.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every way that a product can go, against sums in double precision: whole, in strips, in parts on several cores, and without blank rows of the input. */
final class GemmTest {
    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(7);

    @ParameterizedTest
    @CsvSource({
        "10, 100, 64", "10, 1000, 128", "10, 1000, 1200", "17, 33, 700", "32, 784, 129", "300, 784, 1", "300, 784, 50",
        "300, 784, 128", "300, 784, 130", "100, 300, 500", "100, 4001, 64", "3, 5, 40000", "1000, 20, 65", "64, 15, 90"
    })
    void productsAreThoseOfDoublePrecision(int o, int i, int b) {
        check(o, i, b, row -> false);
    }

    @ParameterizedTest
    @CsvSource({"64, 784, 128", "65, 100, 77", "300, 784, 96", "100, 16, 256", "70, 37, 33", "64, 40, 40000"})
    void blankRowsTakeNoPart(int o, int i, int b) {
        check(o, i, b, row -> row % 28 < 5 || row % 28 > 20);
        check(o, i, b, row -> row < i / 2);
        check(o, i, b, row -> row >= i / 3);
        check(o, i, b, row -> row % 2 == 0);
        check(o, i, b, row -> row != i - 1);
        check(o, i, b, row -> true);
        check(o, i, b, row -> random.nextInt(3) > 0);
    }

    private void check(int o, int i, int b, IntPredicate isBlank) {
        check(new Gemm(new Cores(1), false, Long.MAX_VALUE), o, i, b, isBlank);
        check(new Gemm(new Cores(1), true, Long.MAX_VALUE), o, i, b, isBlank);
        check(new Gemm(new Cores(3), false, 1000), o, i, b, isBlank);
    }

    private void check(Gemm gemm, int o, int i, int b, IntPredicate isBlank) {
        float[] w = numbers(o * i);
        float[] x = numbers(i * b);
        for (int row = 0; row < i; row++) {
            if (isBlank.test(row)) {
                Arrays.fill(x, row * b, (row + 1) * b, 0f);
            }
        }
        float[] dz = numbers(o * b);
        float[] z = numbers(o * b);
        gemm.forward(o, i, b, w, x, z);
        assertArrayEquals(z, forwardMakingWeights(gemm, o, i, b, w, x));
        float[] dx = numbers(i * b);
        gemm.inputGradient(o, i, b, w, dz, dx);
        float[] dw = numbers(o * i);
        gemm.weightGradient(o, i, b, dz, x, dw);
        for (int probe = 0; probe < 2000; probe++) {
            int u = probe == 0 ? o - 1 : random.nextInt(o);
            int f = probe == 0 ? i - 1 : random.nextInt(i);
            int e = probe == 0 ? b - 1 : random.nextInt(b);
            assertEquals(dot(i, w, u * i, 1, x, e, b), z[u * b + e], bound(i), "z");
            assertEquals(dot(o, w, f, i, dz, e, b), dx[f * b + e], bound(o), "dx");
            assertEquals(dot(b, dz, u * b, 1, x, f * b, 1), dw[u * i + f], bound(b), "dw");
        }
    }

    /** The same product where each row of weights comes into being when it is asked for. */
    private static float[] forwardMakingWeights(Gemm gemm, int o, int i, int b, float[] w, float[] x) {
        float[] made = new float[o * i];
        Arrays.fill(made, Float.NaN);
        int[] times = new int[o];
        float[] z = new float[o * b];
        Gemm.RowMaker maker = (first, count) -> {
            System.arraycopy(w, first * i, made, first * i, count * i);
            for (int row = first; row < first + count; row++) {
                times[row]++;
            }
        };
        gemm.forward(o, i, b, made, maker, x, z);
        assertTrue(Arrays.stream(times).allMatch(count -> count == 1), "each row is made once");
        return z;
    }

    /** Far below what one product, a quarter on average, would change, and far above the rounding of so many. */
    private static double bound(int inner) {
        return 1e-5 + 1e-6 * inner;
    }

    private static double dot(int inner, float[] a, int from, int step, float[] b, int first, int stride) {
        double sum = 0;
        for (int k = 0; k < inner; k++) {
            sum += (double) a[from + k * step] * b[first + k * stride];
        }
        return sum;
    }

    private float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int k = 0; k < count; k++) {
            numbers[k] = 2 * random.nextFloat() - 1;
        }
        return numbers;
    }
}
