package io.espalier.backend;

import java.util.Arrays;

/** A backend whose integers and bytes are plain arrays in host memory; what is left to it is real numbers and the ops. */
public interface HostBackend extends Backend {
    @Override
    default Tensor constant(byte[] values, Shape shape) {
        return HostTensors.Bytes.sharing(values, shape);
    }

    @Override
    default Tensor constant(int[] values, Shape shape) {
        return HostTensors.Ints.sharing(values, shape);
    }

    @Override
    default Tensor view(Tensor tensor, Shape shape) {
        Preconditions.view(tensor, shape);
        return switch (tensor.type()) {
            case REAL -> viewOfReals(tensor, shape);
            case I32 -> ((HostTensors.Ints) tensor).as(shape);
            case U8 -> ((HostTensors.Bytes) tensor).as(shape);
        };
    }

    /** {@link #view} of a REAL tensor. */
    Tensor viewOfReals(Tensor tensor, Shape shape);

    @Override
    default void write(Tensor to, int member, int[] values) {
        Preconditions.write(to, ElementType.I32, values.length);
        System.arraycopy(values, 0, HostTensors.ints(to, member), 0, values.length);
    }

    @Override
    default void write(Tensor to, int member, byte[] values) {
        Preconditions.write(to, ElementType.U8, values.length);
        System.arraycopy(values, 0, HostTensors.bytes(to, member), 0, values.length);
    }

    @Override
    default void advance(Tensor counter) {
        Preconditions.advance(counter);
        for (int r = 0; r < counter.shape().members(); r++) {
            HostTensors.ints(counter, r)[0]++;
        }
    }

    @Override
    default void range(int first, Tensor indices) {
        Preconditions.range(indices);
        for (int r = 0; r < indices.shape().members(); r++) {
            Arrays.setAll(HostTensors.ints(indices, r), b -> first + b);
        }
    }

    @Override
    default int[] ints(Tensor from, int member) {
        return HostTensors.ints(from, member).clone();
    }

    @Override
    default byte[] bytes(Tensor from, int member) {
        return HostTensors.bytes(from, member).clone();
    }
}
