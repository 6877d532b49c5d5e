package io.espalier.backend.cuda;

import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.kernels.Kernels;

/**
 * Which elements of a virtual matrix take their number from each bucket: what makes the gradient of the buckets a sum in a fixed
 * order instead of a scatter.
 */
final class InvertedIndex implements AutoCloseable {
    private final int capacity;
    private final DeviceTensor starts;
    private final DeviceTensor positions;

    /** @param index (R, rows, columns) I32, each 0 to 2 capacity - 1 */
    InvertedIndex(KernelDevice device, DeviceTensor index, int capacity) {
        Shape shape = index.shape();
        this.capacity = capacity;
        this.starts = new DeviceTensor(device, ElementType.I32, new Shape(shape.members(), 1, capacity + 1));
        this.positions = new DeviceTensor(device, ElementType.I32, shape);
        try (DeviceTensor cursor = new DeviceTensor(device, ElementType.I32, new Shape(shape.members(), 1, capacity))) {
            device.check(
                    "invertIndex",
                    Kernels.espalier_invert_index(
                            shape.members(),
                            shape.perMember(),
                            capacity,
                            index.address(),
                            starts.address(),
                            positions.address(),
                            cursor.address(),
                            device.stream()));
        }
    }

    int capacity() {
        return capacity;
    }

    /** (R, 1, capacity + 1) I32, where each bucket's elements begin. */
    long starts() {
        return starts.address();
    }

    /** (R, rows, columns) I32, elements by bucket, the sign bit set where the number is subtracted. */
    long positions() {
        return positions.address();
    }

    @Override
    public void close() {
        starts.close();
        positions.close();
    }
}
