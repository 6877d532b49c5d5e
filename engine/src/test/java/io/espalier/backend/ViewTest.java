package io.espalier.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.reference.ReferenceBackend;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A view is the same memory in another shape. */
class ViewTest {
    private static final Shape FLAT = new Shape(2, 1, 6);
    private static final Shape TALL = new Shape(2, 3, 2);

    static Stream<Backend> backends() {
        return Stream.of(ReferenceBackend.open(), new CpuBackend());
    }

    @ParameterizedTest
    @MethodSource("backends")
    void whatIsWrittenToOneIsInTheOther(Backend backend) {
        try (Tensor reals = backend.zeros(ElementType.REAL, FLAT);
                Tensor other = backend.zeros(ElementType.REAL, FLAT);
                Tensor ints = backend.zeros(ElementType.I32, FLAT);
                Tensor bytes = backend.zeros(ElementType.U8, FLAT)) {
            Tensor view = backend.view(reals, TALL);
            assertEquals(TALL, view.shape());
            backend.write(view, 1, new float[] {1, 2, 3, 4, 5, 6});
            assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, backend.floats(reals, 1));
            assertArrayEquals(new float[6], backend.floats(reals, 0));
            backend.write(bytes, 1, new byte[] {1, 1, 1, 1, 0, 0});
            backend.applyMask(view, backend.view(bytes, TALL));
            assertArrayEquals(new float[] {1, 2, 3, 4, 0, 0}, backend.floats(reals, 1));
            backend.magnitude(backend.view(reals, new Shape(2, 2, 3)), backend.view(other, new Shape(2, 2, 3)));
            assertArrayEquals(new float[] {1, 2, 3, 4, 0, 0}, backend.floats(other, 1));
            backend.write(ints, 0, new int[] {1, 2, 3, 4, 5, 6});
            assertArrayEquals(new int[] {1, 2, 3, 4, 5, 6}, backend.ints(backend.view(ints, TALL), 0));
            backend.write(backend.view(bytes, TALL), 1, new byte[] {1, 2, 3, 4, 5, 6});
            assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6}, backend.bytes(bytes, 1));
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void closingAViewClosesNothing(Backend backend) {
        try (Tensor tensor = backend.zeros(ElementType.REAL, FLAT)) {
            backend.view(tensor, TALL).close();
            backend.write(tensor, 0, new float[] {1, 2, 3, 4, 5, 6});
            assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, backend.floats(backend.view(tensor, TALL), 0));
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void membersAndSizesStay(Backend backend) {
        try (Tensor tensor = backend.zeros(ElementType.REAL, FLAT)) {
            assertThrows(IllegalArgumentException.class, () -> backend.view(tensor, new Shape(2, 2, 2)));
            assertThrows(IllegalArgumentException.class, () -> backend.view(tensor, new Shape(1, 3, 4)));
        }
    }
}
