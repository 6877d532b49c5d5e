package io.espalier.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Members of a cohort store different numbers of numbers: what one gets must not depend on how many another has. */
class EmulatedBucketsTest {
    private static final int BUCKETS = 3;

    @BeforeAll
    static void needsTheEmulator() {
        Emulation.require();
    }

    /**
     * The first member's bucket gradients beside a second one that makes room for more elements or more buckets; elements that
     * it has no use for go to a bucket that it does not have.
     */
    private static float[] sums(Backend backend, int used, int elements, int capacity) {
        Shape shape = new Shape(2, 1, elements);
        Shape pool = new Shape(2, 1, capacity);
        try (Tensor gradient = backend.zeros(ElementType.REAL, shape);
                Tensor index = backend.zeros(ElementType.I32, shape);
                Tensor sums = backend.zeros(ElementType.REAL, pool)) {
            PhiloxSequence random = new PhiloxSequence(new Seed(1), 1);
            float[] values = new float[elements];
            int[] entries = new int[elements];
            Arrays.fill(entries, 2 * BUCKETS);
            for (int i = 0; i < used; i++) {
                values[i] = (float) random.nextGaussian();
                entries[i] = 2 * random.nextInt(BUCKETS) + random.nextInt(2);
            }
            backend.write(gradient, 0, values);
            backend.write(index, 0, entries);
            backend.reduceToBuckets(gradient, index, sums);
            return Arrays.copyOf(backend.floats(sums, 0), BUCKETS);
        }
    }

    @Test
    void whatOthersStoreChangesNoBit() {
        try (Backend backend = Emulation.open()) {
            for (int used : new int[] {1, 40, 48, 49, 100, 3000}) {
                float[] alone = sums(backend, used, used, BUCKETS + 1);
                assertArrayEquals(alone, sums(backend, used, used, 4000), used + " elements beside many buckets");
                assertArrayEquals(alone, sums(backend, used, 9000, BUCKETS + 1), used + " beside many elements");
            }
        }
    }
}
