package io.espalier.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.reference.ReferenceBackend;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that can be worked out by hand, on every backend. */
class ClosedFormTest {
    static Stream<Backend> backends() {
        return Stream.of(ReferenceBackend.open(), new CpuBackend());
    }

    private static Tensor reals(Backend backend, Shape shape, float... values) {
        Tensor tensor = backend.zeros(ElementType.REAL, shape);
        for (int r = 0; r < shape.members(); r++) {
            backend.write(tensor, r, values);
        }
        return tensor;
    }

    private static Tensor mask(Backend backend, int length) {
        Tensor mask = backend.zeros(ElementType.U8, new Shape(1, 1, length));
        byte[] alive = new byte[length];
        java.util.Arrays.fill(alive, (byte) 1);
        backend.write(mask, 0, alive);
        return mask;
    }

    @ParameterizedTest
    @MethodSource("backends")
    void equalLogitsCostTheLogarithmOfTheClasses(Backend backend) {
        Shape shape = new Shape(1, 4, 3);
        Tensor logits = reals(backend, shape, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7);
        Tensor labels = backend.zeros(ElementType.I32, new Shape(1, 1, 3));
        Tensor gradient = backend.zeros(ElementType.REAL, shape);
        Tensor loss = backend.zeros(ElementType.REAL, Shape.scalars(1));
        backend.softmaxCrossEntropy(logits, labels, gradient, loss);
        assertEquals(3 * Math.log(4), backend.doubles(loss, 0)[0], 1e-6);
        assertEquals((0.25 - 1) / 3, backend.doubles(gradient, 0)[0], 1e-7);
        assertEquals(0.25 / 3, backend.doubles(gradient, 0)[3], 1e-7);
        backend.softmaxCrossEntropy(logits, labels, gradient, loss);
        assertEquals(6 * Math.log(4), backend.doubles(loss, 0)[0], 1e-5, "losses are added up");
    }

    @ParameterizedTest
    @MethodSource("backends")
    void softmaxSurvivesLargeLogits(Backend backend) {
        Shape shape = new Shape(1, 2, 1);
        Tensor labels = backend.zeros(ElementType.I32, new Shape(1, 1, 1));
        Tensor gradient = backend.zeros(ElementType.REAL, shape);
        Tensor loss = backend.zeros(ElementType.REAL, Shape.scalars(1));
        backend.softmaxCrossEntropy(reals(backend, shape, -1000, 1000), labels, gradient, loss);
        assertEquals(2000, backend.doubles(loss, 0)[0], 1e-3);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void tiesGoToTheLowerClassAndNanIsAnError(Backend backend) {
        Shape shape = new Shape(1, 3, 4);
        float nan = Float.NaN;
        Tensor outputs = reals(backend, shape, 1, 0, nan, 0, 1, 2, 5, nan, 0, 2, 1, 9);
        Tensor labels = backend.zeros(ElementType.I32, new Shape(1, 1, 4));
        backend.write(labels, 0, new int[] {0, 1, 1, 2});
        Tensor errors = backend.zeros(ElementType.I32, Shape.scalars(1));
        backend.countErrors(outputs, labels, errors);
        assertEquals(2, backend.ints(errors, 0)[0], "the two columns with a NaN");
    }

    @ParameterizedTest
    @MethodSource("backends")
    void equalSaliencesGoInOrder(Backend backend) {
        Shape shape = new Shape(1, 1, 6);
        Tensor first = reals(backend, shape, 1, 0f, 1, -0f, 1, 1);
        Tensor second = reals(backend, shape, 0, 1, 1, 1, 1, 0);
        List<Tensor> masks = List.of(mask(backend, 6), mask(backend, 6));
        backend.pruneLowest(List.of(first, second), masks, new int[] {7});
        assertArrayEquals(new byte[] {0, 0, 1, 0, 1, 1}, backend.bytes(masks.get(0), 0));
        assertArrayEquals(new byte[] {0, 1, 1, 1, 1, 0}, backend.bytes(masks.get(1), 0));
    }

    @ParameterizedTest
    @MethodSource("backends")
    void nanSaliencyIsRefusedAndNothingChanges(Backend backend) {
        Tensor saliency = reals(backend, new Shape(1, 1, 3), 1, Float.NaN, 2);
        Tensor mask = mask(backend, 3);
        assertThrows(
                ArithmeticException.class, () -> backend.pruneLowest(List.of(saliency), List.of(mask), new int[] {1}));
        assertArrayEquals(new byte[] {1, 1, 1}, backend.bytes(mask, 0));
        backend.write(mask, 0, new byte[] {1, 0, 1});
        backend.pruneLowest(List.of(saliency), List.of(mask), new int[] {1});
        assertArrayEquals(new byte[] {0, 0, 1}, backend.bytes(mask, 0), "what pruned entries hold is ignored");
    }

    @ParameterizedTest
    @MethodSource("backends")
    void droppedShareIsTheRate(Backend backend) {
        Shape shape = new Shape(1, 200, 100);
        float[] ones = new float[shape.size()];
        java.util.Arrays.fill(ones, 1f);
        Tensor x = reals(backend, shape, ones);
        Tensor keys = backend.zeros(ElementType.I32, new Shape(1, 1, 2));
        Tensor step = backend.zeros(ElementType.I32, Shape.scalars(1));
        backend.dropout(x, new Dropout(keys, step, reals(backend, Shape.scalars(1), 0.25f), 5));
        double sum = 0;
        int dropped = 0;
        for (double value : backend.doubles(x, 0)) {
            sum += value;
            dropped += value == 0 ? 1 : 0;
        }
        assertEquals(0.25, dropped / 20_000.0, 0.012, "four standard deviations of a binomial");
        assertEquals(1, sum / 20_000, 0.016, "survivors make up for the dropped");
    }

    @ParameterizedTest
    @MethodSource("backends")
    void unitsThatAreLeftDrawWhatTheyDrewInTheWholeLayer(Backend backend) {
        int columns = 37;
        Tensor keys = backend.zeros(ElementType.I32, new Shape(1, 1, 2));
        Tensor step = backend.zeros(ElementType.I32, Shape.scalars(1));
        Tensor rate = reals(backend, Shape.scalars(1), 0.5f);
        float[] ones = new float[20 * columns];
        java.util.Arrays.fill(ones, 1f);
        Tensor whole = reals(backend, new Shape(1, 20, columns), ones);
        backend.dropout(whole, new Dropout(keys, step, rate, 5));
        int[] left = {1, 4, 19};
        Tensor units = backend.zeros(ElementType.I32, new Shape(1, left.length, 1));
        backend.write(units, 0, left);
        Tensor shrunk = reals(
                backend, new Shape(1, left.length, columns), java.util.Arrays.copyOf(ones, left.length * columns));
        backend.dropout(shrunk, new Dropout(keys, step, rate, units, 5));
        float[] before = backend.floats(whole, 0);
        float[] after = backend.floats(shrunk, 0);
        for (int i = 0; i < after.length; i++) {
            assertEquals(before[left[i / columns] * columns + i % columns], after[i], "element " + i);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void shapesAreCheckedAtTheDoor(Backend backend) {
        Tensor w = backend.zeros(ElementType.REAL, new Shape(1, 3, 4));
        Tensor x = backend.zeros(ElementType.REAL, new Shape(1, 5, 2));
        Tensor z = backend.zeros(ElementType.REAL, new Shape(1, 3, 2));
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> backend.linear(w, x, z));
        assertEquals("linear: inputs is REAL (1, 5, 2), expected REAL (1, 4, 2)", e.getMessage());
    }
}
