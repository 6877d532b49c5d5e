package io.espalier.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.reference.ReferenceBackend;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that can be worked out by hand, and what the ops on images have to do with each other. */
class ImageOpsTest {
    static List<Backend> backends() {
        return List.of(ReferenceBackend.open(), new CpuBackend());
    }

    private static Tensor reals(Backend backend, Shape shape, float... values) {
        Tensor tensor = backend.zeros(ElementType.REAL, shape);
        for (int r = 0; r < shape.members(); r++) {
            backend.write(tensor, r, values);
        }
        return tensor;
    }

    private static Tensor random(Backend backend, Shape shape, int seed) {
        PhiloxSequence random = new PhiloxSequence(new Seed(seed), 1);
        float[] values = new float[shape.perMember()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return reals(backend, shape, values);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void pixelsAreNormalisedByChannel(Backend backend) {
        Tensor data = backend.constant(new byte[] {0, (byte) 255, 51, 102, 1, 2, 3, 4}, new Shape(1, 2, 4));
        Tensor indices = backend.zeros(ElementType.I32, new Shape(1, 1, 1));
        Tensor out = backend.zeros(ElementType.REAL, new Shape(1, 4, 1));
        Tensor mean = reals(backend, new Shape(1, 2, 1), 0.5f, 0.2f);
        Tensor scale = reals(backend, new Shape(1, 2, 1), 2, 10);
        backend.images().gatherImages(data, indices, mean, scale, 1, Augmentation.NONE, out);
        assertArrayEquals(new double[] {-1, 1, 0, 2}, backend.doubles(out, 0), 1e-6);
    }

    /** Nine motions and their mirror images of an image without symmetry: each is seen, as often as the others. */
    @ParameterizedTest
    @MethodSource("backends")
    void everyMotionIsAsLikely(Backend backend) {
        byte[] image = {10, 20, 30, 40, 50, 60, 70, 80, 90};
        int batch = 3600;
        Tensor data = backend.constant(image, new Shape(1, 1, 9));
        Tensor indices = backend.zeros(ElementType.I32, new Shape(1, 1, batch));
        Tensor out = backend.zeros(ElementType.REAL, new Shape(1, 9, batch));
        Tensor keys = backend.zeros(ElementType.I32, new Shape(1, 1, 2));
        Tensor step = backend.zeros(ElementType.I32, Shape.scalars(1));
        Tensor mean = reals(backend, new Shape(1, 1, 1), 0);
        Tensor scale = reals(backend, new Shape(1, 1, 1), 255);
        Augmentation augmentation = new Augmentation(keys, step, 1, true, Stream.AUGMENTATION.at(0));
        backend.images().gatherImages(data, indices, mean, scale, 3, augmentation, out);
        double[] pixels = backend.doubles(out, 0);
        Map<List<Long>, Integer> seen = new HashMap<>();
        for (int b = 0; b < batch; b++) {
            List<Long> one = new ArrayList<>();
            for (int pixel = 0; pixel < 9; pixel++) {
                one.add(Math.round(pixels[pixel * batch + b]));
            }
            seen.merge(one, 1, Integer::sum);
        }
        assertEquals(18, seen.size());
        // Down by one, so that the image is one higher, with zeros below; and one to the right, mirrored, with zeros on
        // its side.
        assertTrue(seen.containsKey(List.of(40L, 50L, 60L, 70L, 80L, 90L, 0L, 0L, 0L)));
        assertTrue(seen.containsKey(List.of(0L, 30L, 20L, 0L, 60L, 50L, 0L, 90L, 80L)));
        seen.forEach((motion, count) -> assertEquals(200, count, 5 * Math.sqrt(200), motion.toString()));
    }

    /** A 2 by 2 kernel over 3 by 3 pixels, worked out by hand: patches, a product, and the memory seen as images again. */
    @ParameterizedTest
    @MethodSource("backends")
    void aConvolutionIsAProductWithPatches(Backend backend) {
        Window window = new Window(1, 3, 3, 2, 1, 0);
        Tensor x = reals(backend, window.inputs(1, 1), 1, 2, 3, 4, 5, 6, 7, 8, 9);
        Tensor patches = backend.zeros(ElementType.REAL, window.patches(1, 1));
        backend.images().patches(x, window, patches);
        Tensor weights = reals(backend, new Shape(1, 2, 4), 1, 10, 100, 1000, 0, 0, 0, 1);
        Tensor y = backend.zeros(ElementType.REAL, new Shape(1, 8, 1));
        backend.linear(weights, patches, backend.view(y, new Shape(1, 2, 4)));
        assertArrayEquals(new float[] {5421, 6532, 8754, 9865, 5, 6, 8, 9}, backend.floats(y, 0));
    }

    @ParameterizedTest
    @MethodSource("backends")
    void paddingIsZeroAndCoveredPixelsAddUp(Backend backend) {
        Window window = new Window(1, 2, 2, 3, 1, 1);
        Tensor ones = reals(backend, window.inputs(1, 1), 1, 1, 1, 1);
        Tensor patches = backend.zeros(ElementType.REAL, window.patches(1, 1));
        backend.images().patches(ones, window, patches);
        Tensor counts = backend.zeros(ElementType.REAL, window.inputs(1, 1));
        backend.images().foldPatches(patches, window, counts);
        assertArrayEquals(new float[] {4, 4, 4, 4}, backend.floats(counts, 0), "each window has all four pixels");
        backend.images().averagePool(ones, window, 1, counts);
        assertArrayEquals(new float[] {4, 4, 4, 4}, backend.floats(counts, 0));
    }

    /** With all windows 1, a pixel gets as many as it has windows: rows and columns that are left over none. */
    @ParameterizedTest
    @MethodSource("backends")
    void pixelsThatNoWindowHasGetNothing(Backend backend) {
        Window window = new Window(1, 4, 4, 3, 2, 0);
        Tensor dx = reals(backend, window.inputs(1, 1), new float[16]);
        backend.images().averagePoolGradient(reals(backend, window.outputs(1, 1), 8), window, 0.25, dx);
        assertArrayEquals(new float[] {2, 2, 2, 0, 2, 2, 2, 0, 2, 2, 2, 0, 0, 0, 0, 0}, backend.floats(dx, 0));
    }

    /** Sum of y (A x) = sum of (A' y) x. */
    @ParameterizedTest
    @MethodSource("backends")
    void foldingIsTheTransposeOfTakingPatches(Backend backend) {
        for (Window window :
                new Window[] {new Window(2, 7, 6, 3, 2, 1), new Window(3, 5, 5, 2, 3, 0), new Window(1, 4, 9, 4, 1, 3)
                }) {
            Tensor x = random(backend, window.inputs(1, 3), 1);
            Tensor y = random(backend, window.patches(1, 3), 2);
            Tensor patches = backend.zeros(ElementType.REAL, y.shape());
            Tensor folded = backend.zeros(ElementType.REAL, x.shape());
            backend.images().patches(x, window, patches);
            backend.images().foldPatches(y, window, folded);
            assertEquals(dot(backend, patches, y), dot(backend, x, folded), 1e-4, window.toString());
        }
    }

    private static double dot(Backend backend, Tensor a, Tensor b) {
        double[] left = backend.doubles(a, 0);
        double[] right = backend.doubles(b, 0);
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }

    /** Two examples in each pixel: equals, and numbers among which are NaN; then negative ones, and infinities. */
    @ParameterizedTest
    @MethodSource("backends")
    void theFirstOfEqualsWinsAndNanIsLarger(Backend backend) {
        float nan = Float.NaN;
        float[] pixels = {3, 1, 3, nan, -5, 1, -4, 7, 3, nan, 2, 9, -4, nan, -6, Float.POSITIVE_INFINITY};
        Window window = new Window(1, 2, 4, 2, 2, 0);
        // One copy of both windows is less than a vector, seven of one are not always, twenty are more.
        for (int copies : new int[] {1, 3, 7, 20}) {
            Tensor x = reals(backend, window.inputs(1, 2 * copies), copied(copies, pixels));
            Tensor y = backend.zeros(ElementType.REAL, window.outputs(1, 2 * copies));
            Tensor winners = backend.zeros(ElementType.U8, y.shape());
            backend.images().maxPool(x, window, y, winners);
            assertArrayEquals(copied(copies, 3, nan, -4, nan), backend.floats(y, 0));
            byte[] winner = backend.bytes(winners, 0);
            assertArrayEquals(new byte[] {0, 1}, Arrays.copyOf(winner, 2));
            assertArrayEquals(new byte[] {1, 2}, Arrays.copyOfRange(winner, 2 * copies, 2 * copies + 2));
            Tensor dx = backend.zeros(ElementType.REAL, x.shape());
            backend.images()
                    .maxPoolGradient(reals(backend, y.shape(), copied(copies, 1, 2, 4, 8)), winners, window, dx);
            assertArrayEquals(copied(copies, 1, 0, 0, 2, 0, 0, 4, 0, 0, 0, 0, 0, 0, 8, 0, 0), backend.floats(dx, 0));
        }
    }

    /** Pixels of two examples, as those of so many more. */
    private static float[] copied(int copies, float... pairs) {
        float[] all = new float[copies * pairs.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = pairs[i / (2 * copies) * 2 + i % 2];
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("backends")
    void paddingNeverWins(Backend backend) {
        Window window = new Window(1, 1, 1, 3, 1, 1);
        Tensor y = backend.zeros(ElementType.REAL, window.outputs(1, 20));
        Tensor winners = backend.zeros(ElementType.U8, y.shape());
        float[] below = new float[20];
        Arrays.fill(below, Float.NEGATIVE_INFINITY);
        below[3] = -2;
        backend.images().maxPool(reals(backend, window.inputs(1, 20), below), window, y, winners);
        assertArrayEquals(below, backend.floats(y, 0));
        byte[] middle = new byte[20];
        Arrays.fill(middle, (byte) 4);
        assertArrayEquals(middle, backend.bytes(winners, 0));
    }

    /** Around 10,000 squares have no digits left for a variance of 2/3; distances from the mean do. */
    @ParameterizedTest
    @MethodSource("backends")
    void aLargeMeanTakesNothingFromTheVariance(Backend backend) {
        float[] values = new float[300];
        for (int i = 0; i < values.length; i++) {
            values[i] = 10_000 + i % 3;
        }
        Tensor x = reals(backend, new Shape(1, 1, 300), values);
        Tensor mean = backend.zeros(ElementType.REAL, new Shape(1, 1, 1));
        Tensor variance = backend.zeros(ElementType.REAL, new Shape(1, 1, 1));
        backend.images().mean(x, mean);
        backend.images().variance(x, mean, variance);
        assertEquals(10_001, backend.doubles(mean, 0)[0], 2e-3);
        assertEquals(2.0 / 3, backend.doubles(variance, 0)[0], 1e-5);
    }

    /** What is normalised has mean shift and variance gain^2 v / (v + epsilon). */
    @ParameterizedTest
    @MethodSource("backends")
    void normalisedRowsHaveTheirGainAndShift(Backend backend) {
        Shape shape = new Shape(1, 2, 500);
        Tensor x = random(backend, shape, 3);
        Tensor y = backend.zeros(ElementType.REAL, shape);
        Moments moments = moments(backend, x);
        Shape perRow = new Shape(1, 2, 1);
        Tensor gain = reals(backend, perRow, 2, -3);
        backend.images().normalise(x, moments, gain, reals(backend, perRow, 5, 7), y);
        Moments after = moments(backend, y);
        double[] before = backend.doubles(moments.variance(), 0);
        assertArrayEquals(new double[] {5, 7}, backend.doubles(after.mean(), 0), 1e-5);
        assertArrayEquals(
                new double[] {4 * before[0] / (before[0] + 1e-5), 9 * before[1] / (before[1] + 1e-5)},
                backend.doubles(after.variance(), 0),
                1e-4);
    }

    private static Moments moments(Backend backend, Tensor x) {
        Shape perRow = new Shape(x.shape().members(), x.shape().rows(), 1);
        Tensor mean = backend.zeros(ElementType.REAL, perRow);
        Tensor variance = backend.zeros(ElementType.REAL, perRow);
        backend.images().mean(x, mean);
        backend.images().variance(x, mean, variance);
        return new Moments(mean, variance, 1e-5);
    }

    /** The gradient through a row's own moments is what differences of the loss sum(c y) say. */
    @Test
    void theGradientGoesThroughTheMoments() {
        Backend backend = ReferenceBackend.open();
        Shape shape = new Shape(1, 2, 5);
        Shape perRow = new Shape(1, 2, 1);
        Tensor x = random(backend, shape, 4);
        Tensor c = random(backend, shape, 5);
        Tensor gain = random(backend, perRow, 6);
        Tensor shift = random(backend, perRow, 7);
        Moments moments = moments(backend, x);
        Tensor dgain = backend.zeros(ElementType.REAL, perRow);
        Tensor dshift = backend.zeros(ElementType.REAL, perRow);
        Tensor dx = backend.zeros(ElementType.REAL, shape);
        backend.images().normaliseSums(x, moments, c, dgain, dshift);
        backend.images().normaliseGradient(x, moments, gain, c, dgain, dshift, dx);
        assertArrayEquals(differences(backend, x, x, gain, shift, c), backend.doubles(dx, 0), 1e-5);
        assertArrayEquals(differences(backend, gain, x, gain, shift, c), backend.doubles(dgain, 0), 1e-5);
        assertArrayEquals(differences(backend, shift, x, gain, shift, c), backend.doubles(dshift, 0), 1e-5);
    }

    private static double[] differences(Backend backend, Tensor moved, Tensor x, Tensor gain, Tensor shift, Tensor c) {
        float[] values = backend.floats(moved, 0);
        double[] slopes = new double[values.length];
        float step = 0x1p-10f;
        for (int i = 0; i < values.length; i++) {
            float middle = values[i];
            double[] losses = new double[2];
            float[] at = {middle - step, middle + step};
            for (int side = 0; side < 2; side++) {
                values[i] = at[side];
                backend.write(moved, 0, values);
                Tensor y = backend.zeros(ElementType.REAL, x.shape());
                backend.images().normalise(x, moments(backend, x), gain, shift, y);
                losses[side] = dot(backend, y, c);
            }
            slopes[i] = (losses[1] - losses[0]) / ((double) at[1] - at[0]);
            values[i] = middle;
            backend.write(moved, 0, values);
        }
        return slopes;
    }

    @ParameterizedTest
    @MethodSource("backends")
    void channelsArePutBehindEachOtherAndComeBack(Backend backend) {
        Tensor first = reals(backend, new Shape(2, 1, 3), 1, 2, 3);
        Tensor second = reals(backend, new Shape(2, 2, 3), 4, 5, 6, 7, 8, 9);
        Tensor both = backend.zeros(ElementType.REAL, new Shape(2, 3, 3));
        Tensor sums = reals(backend, both.shape(), 1, 1, 1, 1, 1, 1, 1, 1, 1);
        backend.images().copyRows(first, both, 0);
        backend.images().copyRows(second, both, 1);
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, backend.floats(both, 1));
        backend.images().addRows(both, 1, second);
        assertArrayEquals(new float[] {8, 10, 12, 14, 16, 18}, backend.floats(second, 0));
        backend.images().combine(0.5, both, -1, sums);
        assertArrayEquals(new float[] {-0.5f, 0, 0.5f, 1, 1.5f, 2, 2.5f, 3, 3.5f}, backend.floats(sums, 1));
        assertThrows(IllegalArgumentException.class, () -> backend.images().copyRows(second, both, 2));
        assertThrows(IllegalArgumentException.class, () -> backend.images().addRows(both, -1, first));
    }

    @Test
    void windowsThatCannotBeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Window(0, 4, 4, 2, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Window(1, 4, 4, 2, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Window(1, 4, 4, 2, 1, 2));
        assertThrows(IllegalArgumentException.class, () -> new Window(1, 4, 4, 2, 1, -1));
        assertThrows(IllegalArgumentException.class, () -> new Window(1, 8, 4, 5, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Window(1 << 16, 1 << 8, 1 << 8, 1, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Moments(null, null, 0));
    }

    @ParameterizedTest
    @MethodSource("backends")
    void operandsOfOtherShapesAreRefused(Backend backend) {
        Window window = new Window(1, 20, 20, 17, 1, 0);
        Tensor x = backend.zeros(ElementType.REAL, window.inputs(1, 1));
        Tensor y = backend.zeros(ElementType.REAL, window.outputs(1, 1));
        Tensor winners = backend.zeros(ElementType.U8, window.outputs(1, 1));
        assertThrows(IllegalArgumentException.class, () -> backend.images().maxPool(x, window, y, winners), "kernel");
        assertThrows(IllegalArgumentException.class, () -> backend.images().patches(x, window, y));
        assertThrows(IllegalArgumentException.class, () -> backend.images().averagePool(y, window, 1, y));
    }
}
