package io.espalier.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.SparsePattern;
import io.espalier.backend.Tensor;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Batches of every kind of length: pieces that overlap, panels that reach back, less than a vector. */
class SparseProductsTest {
    private static final int OUTPUTS = 7;
    private static final int INPUTS = 13;

    private final Backend backend = new CpuBackend();
    private final Random random = new Random(3);

    static IntStream batches() {
        return IntStream.of(
                1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 49, 50, 63, 64, 65, 96, 100, 113, 127, 128, 129, 150,
                190, 250);
    }

    @ParameterizedTest
    @MethodSource("batches")
    void anExampleHasTheSameBitsInEveryBatch(int batch) {
        SparsePattern pattern = pattern();
        Tensor values = reals(1, pattern.capacity());
        Tensor x = reals(INPUTS, batch);
        Tensor dz = reals(OUTPUTS, batch);
        Tensor z = zeros(OUTPUTS, batch);
        Tensor dx = zeros(INPUTS, batch);

        backend.sparseLinear(pattern, values, x, z);
        backend.sparseInputGradient(pattern, values, dz, dx);

        for (int b = 0; b < batch; b++) {
            Tensor alone = zeros(OUTPUTS, 1);
            backend.sparseLinear(pattern, values, example(x, b), alone);
            assertArrayEquals(backend.floats(alone, 0), backend.floats(example(z, b), 0));
            Tensor aloneBack = zeros(INPUTS, 1);
            backend.sparseInputGradient(pattern, values, example(dz, b), aloneBack);
            assertArrayEquals(backend.floats(aloneBack, 0), backend.floats(example(dx, b), 0));
        }
    }

    @ParameterizedTest
    @MethodSource("batches")
    void everyExampleCountsOnceInTheGradient(int batch) {
        SparsePattern pattern = pattern();
        Tensor gradient = zeros(1, pattern.capacity());
        // What an earlier batch leaves behind must not come back.
        backend.sparseWeightGradient(pattern, reals(OUTPUTS, 250), reals(INPUTS, 250), gradient);
        backend.sparseWeightGradient(pattern, reals(OUTPUTS, 31), reals(INPUTS, 31), gradient);
        Tensor x = reals(INPUTS, batch);
        Tensor dz = reals(OUTPUTS, batch);

        backend.sparseWeightGradient(pattern, dz, x, gradient);

        float[] found = backend.floats(gradient, 0);
        float[] left = backend.floats(x, 0);
        float[] right = backend.floats(dz, 0);
        int[] positions = backend.ints(pattern.positions(), 0);
        for (int k = 0; k < found.length; k++) {
            double sum = 0;
            for (int b = 0; b < batch; b++) {
                sum += (double) right[positions[k] / INPUTS * batch + b] * left[positions[k] % INPUTS * batch + b];
            }
            assertEquals(sum, found[k], 1e-5 * batch);
        }
    }

    private SparsePattern pattern() {
        byte[] mask = new byte[OUTPUTS * INPUTS];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = (byte) (random.nextInt(3) == 0 ? 1 : 0);
        }
        return SparsePattern.of(backend, List.of(mask), OUTPUTS, INPUTS);
    }

    private Tensor zeros(int rows, int columns) {
        return backend.zeros(ElementType.REAL, new Shape(1, rows, columns));
    }

    private Tensor reals(int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        Tensor tensor = zeros(rows, columns);
        backend.write(tensor, 0, values);
        return tensor;
    }

    /** Column b. */
    private Tensor example(Tensor all, int b) {
        float[] values = backend.floats(all, 0);
        int columns = all.shape().columns();
        float[] column = new float[all.shape().rows()];
        for (int i = 0; i < column.length; i++) {
            column[i] = values[i * columns + b];
        }
        Tensor alone = zeros(column.length, 1);
        backend.write(alone, 0, column);
        return alone;
    }
}
