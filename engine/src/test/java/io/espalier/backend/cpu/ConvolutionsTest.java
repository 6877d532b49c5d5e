package io.espalier.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.backend.Window;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bands of any number of windows, lines begun and not finished among them, against all windows at once. */
final class ConvolutionsTest {
    private static final int MEMBERS = 2;
    private static final int FILTERS = 6;

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(3);
    private final CpuBackend cpu = new CpuBackend();

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 1, 1, 0, 3",
        "2, 5, 7, 3, 1, 1, 4",
        "3, 7, 6, 3, 2, 1, 2",
        "2, 6, 7, 3, 2, 0, 17",
        "1, 4, 4, 5, 3, 2, 3",
        "2, 9, 8, 2, 3, 0, 5",
        "1, 5, 8, 1, 2, 0, 16",
        "4, 12, 12, 5, 1, 0, 33"
    })
    void bandsAddUpToTheWhole(int channels, int height, int width, int kernel, int stride, int padding, int batch) {
        Window window = new Window(channels, height, width, kernel, stride, padding);
        Tensor w = reals(new Shape(MEMBERS, FILTERS, channels * kernel * kernel));
        Tensor x = reals(window.inputs(MEMBERS, batch));
        Tensor patches = cpu.zeros(ElementType.REAL, window.patches(MEMBERS, batch));
        Tensor dz = reals(new Shape(MEMBERS, FILTERS, patches.shape().columns()));
        Tensor z = reals(dz.shape());
        Tensor dx = reals(x.shape());
        Tensor dw = reals(w.shape());
        cpu.images().patches(x, window, patches);
        cpu.linear(w, patches, z);
        cpu.linearWeightGradient(dz, patches, dw);
        cpu.linearInputGradient(w, dz, patches);
        cpu.images().foldPatches(patches, window, dx);
        int oneWindow = channels * kernel * kernel * batch;
        for (int windows : new int[] {0, 1, 2, 3, window.outputWidth(), window.outputWidth() + 1, 1000}) {
            Convolutions convolutions = new Convolutions(new Patches(), windows * oneWindow, 1);
            Tensor out = reals(dz.shape());
            convolutions.forward(w, x, window, out);
            assertSame(z, out, windows);
            Tensor inputs = reals(x.shape());
            convolutions.inputGradient(w, dz, window, inputs);
            assertSame(dx, inputs, windows);
            Tensor weights = reals(w.shape());
            convolutions.weightGradient(dz, x, window, weights);
            assertSame(dw, weights, windows);
        }
    }

    private static void assertSame(Tensor expected, Tensor actual, int windows) {
        for (int r = 0; r < MEMBERS; r++) {
            assertArrayEquals(Reals.of(expected, r), Reals.of(actual, r), 1e-4f, windows + " windows a band");
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
