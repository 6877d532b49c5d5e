package io.espalier.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.backend.Window;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Piece by piece against all windows as a matrix, and on several threads bit by bit as on one. */
final class ConvolutionsTest {
    private static final int MEMBERS = 2;

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(3);
    private final CpuBackend cpu = new CpuBackend();

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 1, 1, 0, 3, 6",
        "2, 5, 7, 3, 1, 1, 4, 1",
        "3, 7, 6, 3, 2, 1, 2, 5",
        "2, 6, 7, 3, 2, 0, 17, 8",
        "1, 4, 4, 5, 3, 2, 3, 9",
        "2, 9, 8, 2, 3, 0, 5, 13",
        "1, 5, 8, 1, 2, 0, 16, 4",
        "4, 12, 12, 5, 1, 0, 33, 12",
        "5, 9, 3, 3, 1, 2, 50, 3",
        "3, 2, 11, 2, 2, 1, 100, 2",
        "2, 7, 7, 4, 3, 3, 65, 7",
        "300, 5, 8, 3, 1, 1, 32, 10",
        "40, 6, 34, 3, 2, 1, 64, 17"
    })
    void piecesAddUpToTheWhole(
            int channels, int height, int width, int kernel, int stride, int padding, int batch, int filters) {
        Window window = new Window(channels, height, width, kernel, stride, padding);
        Tensor w = reals(new Shape(MEMBERS, filters, channels * kernel * kernel));
        Tensor x = reals(window.inputs(MEMBERS, batch));
        Tensor patches = cpu.zeros(ElementType.REAL, window.patches(MEMBERS, batch));
        Tensor dz = reals(new Shape(MEMBERS, filters, patches.shape().columns()));
        Tensor z = reals(dz.shape());
        Tensor dx = reals(x.shape());
        Tensor dw = reals(w.shape());
        cpu.images().patches(x, window, patches);
        cpu.linear(w, patches, z);
        cpu.linearWeightGradient(dz, patches, dw);
        cpu.linearInputGradient(w, dz, patches);
        cpu.images().foldPatches(patches, window, dx);
        Tensor[] alone = null;
        for (int threads : new int[] {1, 2, 5}) {
            Tensor[] all = {reals(dz.shape()), reals(x.shape()), reals(w.shape())};
            Convolutions convolutions = new Convolutions(new Cores(threads));
            convolutions.forward(w, x, window, all[0]);
            convolutions.inputGradient(w, dz, window, all[1]);
            convolutions.weightGradient(dz, x, window, all[2]);
            if (alone == null) {
                alone = all;
                assertSame(z, all[0], 3e-5f);
                assertSame(dx, all[1], 3e-5f);
                assertSame(dw, all[2], 3e-5f);
            }
            for (int i = 0; i < all.length; i++) {
                assertSame(alone[i], all[i], 0);
            }
        }
    }

    /** Products read past the end of what is packed: what an earlier product left there must not get into the answer. */
    @Test
    void whatIsLeftOverFromAnEarlierProductDoesNotMatter() {
        Convolutions convolutions = new Convolutions(new Cores(1));
        Window large = new Window(3, 9, 9, 3, 1, 1);
        Tensor infinite = reals(large.inputs(1, 5));
        float[] values = new float[infinite.shape().perMember()];
        Arrays.fill(values, Float.POSITIVE_INFINITY);
        cpu.write(infinite, 0, values);
        Tensor w = reals(new Shape(1, 2, 27));
        Tensor gradient = reals(new Shape(1, 2, 9 * 9 * 5));
        convolutions.forward(w, infinite, large, reals(gradient.shape()));
        convolutions.inputGradient(w, reals(gradient.shape()), large, infinite);
        convolutions.weightGradient(gradient, infinite, large, reals(w.shape()));
        cpu.write(infinite, 0, values);
        convolutions.weightGradient(gradient, infinite, large, reals(w.shape()));
        Window small = new Window(1, 3, 3, 2, 1, 0);
        Tensor x = reals(small.inputs(1, 1));
        Tensor few = reals(new Shape(1, 2, 4));
        Tensor dz = reals(new Shape(1, 2, 4));
        Tensor dw = reals(few.shape());
        convolutions.weightGradient(dz, x, small, dw);
        for (float value : cpu.floats(dw, 0)) {
            assertTrue(Float.isFinite(value), () -> Arrays.toString(cpu.floats(dw, 0)));
        }
    }

    private static void assertSame(Tensor expected, Tensor actual, float tolerance) {
        for (int r = 0; r < MEMBERS; r++) {
            float[] numbers = Reals.of(expected, r);
            float largest = 1;
            for (float number : numbers) {
                largest = Math.max(largest, Math.abs(number));
            }
            assertArrayEquals(numbers, Reals.of(actual, r), tolerance * largest);
        }
    }

    private Tensor reals(Shape shape) {
        Tensor tensor = cpu.zeros(ElementType.REAL, shape);
        for (int r = 0; r < shape.members(); r++) {
            float[] values = new float[shape.perMember()];
            for (int i = 0; i < values.length; i++) {
                values[i] = 2 * random.nextFloat() - 1;
            }
            cpu.write(tensor, r, values);
        }
        return tensor;
    }
}
