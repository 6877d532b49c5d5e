package io.espalier.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Views share a tensor's memory, and what was derived from it. */
class EmulatedViewTest {
    private static final Shape FLAT = new Shape(1, 1, 4);
    private static final Shape SQUARE = new Shape(1, 2, 2);

    @BeforeAll
    static void needsTheEmulator() {
        Emulation.require();
    }

    @Test
    void aViewOwnsNothing() {
        EmulatedDevice device = Emulation.device(EmulatedDevice.Traits.GOOD);
        try (Backend backend = new CudaBackend(device)) {
            Tensor tensor = backend.zeros(ElementType.REAL, FLAT);
            long used = device.used();
            Tensor view = backend.view(tensor, SQUARE);
            assertEquals(used, device.used());
            view.close();
            backend.write(tensor, 0, new float[] {1, 2, 3, 4});
            assertArrayEquals(new float[] {1, 2, 3, 4}, backend.floats(view, 0));
            tensor.close();
            assertEquals(0, device.used());
            assertThrows(IllegalStateException.class, () -> backend.floats(view, 0));
        }
    }

    /** The kernel of the gradient reads an index that is made when first asked for. */
    @Test
    void whatIsWrittenThroughAViewOfAnIndexCounts() {
        EmulatedDevice device = Emulation.device(EmulatedDevice.Traits.GOOD);
        try (Backend backend = new CudaBackend(device);
                Tensor gradient = backend.zeros(ElementType.REAL, SQUARE);
                Tensor index = backend.zeros(ElementType.I32, SQUARE);
                Tensor sums = backend.zeros(ElementType.REAL, new Shape(1, 1, 2))) {
            long used = device.used();
            backend.write(gradient, 0, new float[] {1, 2, 4, 8});
            backend.reduceToBuckets(gradient, index, sums);
            assertArrayEquals(new float[] {15, 0}, backend.floats(sums, 0));
            backend.write(backend.view(index, FLAT), 0, new int[] {2, 0, 3, 0});
            backend.reduceToBuckets(backend.view(gradient, FLAT), backend.view(index, FLAT), sums);
            assertArrayEquals(new float[] {10, -3}, backend.floats(sums, 0));
            backend.write(index, 0, new int[] {0, 0, 0, 2});
            backend.reduceToBuckets(gradient, index, sums);
            assertArrayEquals(new float[] {7, 8}, backend.floats(sums, 0));
            backend.clear(backend.view(index, FLAT));
            assertEquals(used, device.used(), "what was derived is gone");
        }
    }
}
