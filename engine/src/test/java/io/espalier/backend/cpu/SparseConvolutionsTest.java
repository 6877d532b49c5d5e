package io.espalier.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.SparsePattern;
import io.espalier.backend.Tensor;
import io.espalier.backend.Window;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Straight from images and by way of all windows: bit by bit the same. */
final class SparseConvolutionsTest {
    private static final int MEMBERS = 2;

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(5);
    private final CpuBackend cpu = new CpuBackend();

    @ParameterizedTest
    @CsvSource({
        "1, 3, 9, 2, 0, 32, 3, 0.5",
        "2, 5, 7, 3, 1, 19, 4, 0.3",
        "20, 12, 12, 5, 0, 128, 50, 0.05",
        "4, 8, 8, 5, 4, 17, 6, 0.2",
        "3, 6, 5, 3, 2, 100, 9, 0.1",
        "2, 4, 4, 4, 0, 77, 5, 0.4",
        "2, 3, 33, 1, 0, 3, 5, 0.4",
        "3, 7, 6, 3, 1, 40, 5, 0",
        "3, 7, 6, 3, 1, 40, 5, 1"
    })
    void theSameBits(
            int channels, int height, int width, int kernel, int padding, int batch, int filters, double density) {
        Window window = new Window(channels, height, width, kernel, 1, padding);
        assertTrue(SparseConvolutions.pays(window, batch), "or this asks nothing");
        Shape matrix = window.patches(MEMBERS, batch);
        List<byte[]> masks =
                List.of(mask(filters * matrix.rows(), density), mask(filters * matrix.rows(), density / 2));
        try (SparsePattern pattern = SparsePattern.of(cpu, masks, filters, matrix.rows())) {
            Tensor values = reals(new Shape(MEMBERS, 1, pattern.capacity()));
            Tensor x = reals(window.inputs(MEMBERS, batch));
            Tensor dz = reals(new Shape(MEMBERS, filters, matrix.columns()));
            Tensor patches = reals(matrix);
            Tensor z = reals(dz.shape());
            Tensor dx = reals(x.shape());
            SparseConvolutions.forward(pattern, values, x, window, patches, z);
            SparseConvolutions.inputGradient(pattern, values, dz, window, patches, dx);
            Tensor zByWindows = reals(dz.shape());
            Tensor dxByWindows = reals(x.shape());
            cpu.images().patches(x, window, patches);
            cpu.sparseLinear(pattern, values, patches, zByWindows);
            cpu.sparseInputGradient(pattern, values, dz, patches);
            cpu.images().foldPatches(patches, window, dxByWindows);
            for (int r = 0; r < MEMBERS; r++) {
                assertArrayEquals(cpu.floats(zByWindows, r), cpu.floats(z, r));
                assertArrayEquals(cpu.floats(dxByWindows, r), cpu.floats(dx, r));
            }
        }
    }

    private byte[] mask(int weights, double density) {
        byte[] mask = new byte[weights];
        for (int i = 0; i < weights; i++) {
            mask[i] = (byte) (random.nextDouble() < density ? 1 : 0);
        }
        return mask;
    }

    private Tensor reals(Shape shape) {
        Tensor tensor = cpu.zeros(ElementType.REAL, shape);
        for (int r = 0; r < shape.members(); r++) {
            float[] numbers = new float[shape.perMember()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = (float) random.nextGaussian();
            }
            cpu.write(tensor, r, numbers);
        }
        return tensor;
    }
}
