package io.espalier.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Few buckets that many elements share and more than there are elements, whole vectors of them and not, against the definition. */
final class SharedNumbersTest {
    private static final Shape MATRIX = new Shape(1, 300, 301);
    private static final int BATCH = 50;

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(11);

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 33, 4001, 65536, 200_000})
    void outAndBack(int buckets) {
        float[] stored = numbers(buckets);
        float[] gradient = numbers(MATRIX.perMember());
        int[] entries = random.ints(MATRIX.perMember(), 0, 2 * buckets).toArray();
        float[] expected = new float[entries.length];
        double[] sums = new double[buckets];
        for (int i = 0; i < entries.length; i++) {
            int sign = entries[i] % 2 == 0 ? 1 : -1;
            expected[i] = sign * stored[entries[i] / 2];
            sums[entries[i] / 2] += sign * (double) gradient[i];
        }
        try (Backend cpu = new CpuBackend();
                Tensor pool = filled(cpu, new Shape(1, 1, buckets), stored);
                Tensor index = cpu.zeros(ElementType.I32, MATRIX);
                Tensor virtual = filled(cpu, MATRIX, gradient);
                Tensor x = filled(cpu, new Shape(1, MATRIX.columns(), BATCH), numbers(MATRIX.columns() * BATCH));
                Tensor z = cpu.zeros(ElementType.REAL, new Shape(1, MATRIX.rows(), BATCH));
                Tensor same = cpu.zeros(ElementType.REAL, z.shape())) {
            cpu.write(index, 0, entries);
            cpu.reduceToBuckets(virtual, index, pool);
            float[] reduced = cpu.floats(pool, 0);
            for (int k = 0; k < buckets; k++) {
                assertEquals(sums[k], reduced[k], 1e-7 * MATRIX.perMember(), "bucket " + k);
            }
            cpu.write(pool, 0, stored);
            cpu.expandBuckets(pool, index, virtual);
            assertArrayEquals(expected, cpu.floats(virtual, 0));
            cpu.linear(virtual, x, same);
            cpu.clear(virtual);
            cpu.hashedLinear(pool, index, x, virtual, z);
            assertArrayEquals(expected, cpu.floats(virtual, 0));
            assertArrayEquals(cpu.floats(same, 0), cpu.floats(z, 0));
        }
    }

    private static Tensor filled(Backend backend, Shape shape, float[] values) {
        Tensor tensor = backend.zeros(ElementType.REAL, shape);
        backend.write(tensor, 0, values);
        return tensor;
    }

    private float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int k = 0; k < count; k++) {
            numbers[k] = 2 * random.nextFloat() - 1;
        }
        return numbers;
    }
}
