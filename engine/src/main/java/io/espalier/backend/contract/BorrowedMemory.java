package io.espalier.backend.contract;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;

/** A backend that has no memory of its own: its tensors are those of another. */
interface BorrowedMemory extends Backend {
    /** Whose tensors they are. */
    Backend memory();

    @Override
    default Tensor zeros(ElementType type, Shape shape) {
        return memory().zeros(type, shape);
    }

    @Override
    default Tensor view(Tensor tensor, Shape shape) {
        return memory().view(tensor, shape);
    }

    @Override
    default void write(Tensor to, int member, float[] values) {
        memory().write(to, member, values);
    }

    @Override
    default void write(Tensor to, int member, int[] values) {
        memory().write(to, member, values);
    }

    @Override
    default void write(Tensor to, int member, byte[] values) {
        memory().write(to, member, values);
    }

    @Override
    default float[] floats(Tensor from, int member) {
        return memory().floats(from, member);
    }

    @Override
    default double[] doubles(Tensor from, int member) {
        return memory().doubles(from, member);
    }

    @Override
    default int[] ints(Tensor from, int member) {
        return memory().ints(from, member);
    }

    @Override
    default byte[] bytes(Tensor from, int member) {
        return memory().bytes(from, member);
    }

    @Override
    default void clear(Tensor tensor) {
        memory().clear(tensor);
    }
}
