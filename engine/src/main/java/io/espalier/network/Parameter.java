package io.espalier.network;

import io.espalier.backend.Backend;
import io.espalier.backend.SparsePattern;
import io.espalier.backend.Tensor;
import java.util.Arrays;

/**
 * Stored numbers that training changes.
 *
 * @param value (R, rows, columns), or (R, 1, capacity) where the pattern says which weights these are; where members store
 *     different numbers of numbers, they are the first and the rest stays zero
 * @param gradient of value's shape
 * @param mask U8 of value's shape, 1 alive, 0 pruned or unused; null where nothing may be pruned
 * @param pattern null where every weight has its number
 * @param counts how many of value's numbers each member stores, from the front; null where it is all of them
 * @param penalised whether L1 and L2 apply: weights yes, biases no
 */
public record Parameter(
        Tensor value, Tensor gradient, Tensor mask, SparsePattern pattern, int[] counts, boolean penalised)
        implements AutoCloseable {
    /** Numbers of which each member stores so many as it likes and none may be pruned. */
    static Parameter leading(Tensor value, Tensor gradient, int[] counts, boolean penalised) {
        return new Parameter(value, gradient, null, null, counts, penalised);
    }

    /** Numbers that one member stores, pruned ones left out. */
    int stored(Backend backend, int member) {
        if (mask == null) {
            return counts == null ? value.shape().perMember() : counts[member];
        }
        int alive = 0;
        for (byte one : backend.bytes(mask, member)) {
            alive += one;
        }
        return alive;
    }

    /**
     * One member's numbers of a tensor of value's shape as a model file has them: pruned weights in their places as zeros,
     * nothing beyond what the member stores.
     */
    public float[] read(Backend backend, Tensor tensor, int member) {
        float[] stored = backend.floats(tensor, member);
        if (counts != null) {
            return Arrays.copyOf(stored, counts[member]);
        }
        if (pattern == null) {
            return stored;
        }
        float[] dense = new float[pattern.outputs() * pattern.inputs()];
        int[] positions = positions(backend, member);
        for (int k = 0; k < positions.length; k++) {
            dense[positions[k]] = stored[k];
        }
        return dense;
    }

    /** Overwrites one member's numbers of a tensor of value's shape with what {@link #read} gave. */
    public void write(Backend backend, Tensor tensor, int member, float[] dense) {
        if (counts != null) {
            backend.write(tensor, member, Arrays.copyOf(dense, tensor.shape().perMember()));
            return;
        }
        if (pattern == null) {
            backend.write(tensor, member, dense);
            return;
        }
        float[] stored = new float[pattern.capacity()];
        int[] positions = positions(backend, member);
        for (int k = 0; k < positions.length; k++) {
            stored[k] = dense[positions[k]];
        }
        backend.write(tensor, member, stored);
    }

    /** One member's mask in dense form; all alive where nothing may be pruned. */
    byte[] readMask(Backend backend, int member) {
        if (mask == null) {
            byte[] alive = new byte[stored(backend, member)];
            Arrays.fill(alive, (byte) 1);
            return alive;
        }
        byte[] stored = backend.bytes(mask, member);
        if (pattern == null) {
            return stored;
        }
        byte[] dense = new byte[pattern.outputs() * pattern.inputs()];
        int[] positions = positions(backend, member);
        for (int k = 0; k < positions.length; k++) {
            dense[positions[k]] = stored[k];
        }
        return dense;
    }

    /** Overwrites one member's mask, which may only have ones where the pattern has weights. */
    void writeMask(Backend backend, int member, byte[] dense) {
        if (mask == null) {
            return;
        }
        if (pattern == null) {
            backend.write(mask, member, dense);
            return;
        }
        byte[] stored = new byte[pattern.capacity()];
        int[] positions = positions(backend, member);
        int alive = 0;
        for (int k = 0; k < positions.length; k++) {
            stored[k] = dense[positions[k]];
            alive += stored[k];
        }
        for (byte value : dense) {
            alive -= value;
        }
        if (alive != 0) {
            throw new IllegalStateException("A sparse layer cannot take weights that its pattern does not have");
        }
        backend.write(mask, member, stored);
    }

    /** Row-major indices of one member's weights. */
    private int[] positions(Backend backend, int member) {
        int weights = backend.ints(pattern.rowStarts(), member)[pattern.outputs()];
        return Arrays.copyOf(backend.ints(pattern.positions(), member), weights);
    }

    @Override
    public void close() {
        value.close();
        gradient.close();
        if (mask != null) {
            mask.close();
        }
    }
}
