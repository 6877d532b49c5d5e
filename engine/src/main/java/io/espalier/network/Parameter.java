package io.espalier.network;

import io.espalier.backend.Backend;
import io.espalier.backend.SparsePattern;
import io.espalier.backend.Tensor;

/**
 * Stored numbers that training changes.
 *
 * @param value (R, rows, columns), or (R, 1, capacity) where the pattern says which weights these are
 * @param gradient of value's shape
 * @param mask U8 of value's shape, 1 alive, 0 pruned or unused; null where nothing may be pruned
 * @param pattern null where every weight has its number
 * @param penalised whether L1 and L2 apply: weights yes, biases no
 */
public record Parameter(Tensor value, Tensor gradient, Tensor mask, SparsePattern pattern, boolean penalised) {
    /** One member's numbers of a tensor of value's shape, in dense form; zero where there is no weight. */
    public float[] dense(Backend backend, Tensor tensor, int member) {
        float[] stored = backend.floats(tensor, member);
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

    /** Overwrites one member's numbers of a tensor of value's shape from dense form. */
    public void writeDense(Backend backend, Tensor tensor, int member, float[] dense) {
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

    /** One member's mask in dense form. */
    byte[] denseMask(Backend backend, int member) {
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
        return java.util.Arrays.copyOf(backend.ints(pattern.positions(), member), weights);
    }
}
