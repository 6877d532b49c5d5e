package io.espalier.backend.cpu;

import io.espalier.backend.HostTensors;
import io.espalier.backend.Tensor;
import io.espalier.random.Philox;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** The small passes: row sums, masks, magnitudes, uniform numbers. */
final class Elementwise {
    private final int[] block = new int[4];
    private final float[] lanes = new float[Lanes.WIDTH];

    void rowSums(Tensor dz, Tensor db) {
        int columns = dz.shape().columns();
        for (int r = 0; r < dz.shape().members(); r++) {
            float[] values = Reals.of(dz, r);
            float[] sums = Reals.of(db, r);
            for (int row = 0; row < sums.length; row++) {
                sums[row] = sum(values, row * columns, columns);
            }
        }
    }

    /**
     * Lane by lane, since the order of reduceLanes is not specified. The partial sums rest in an array from one group of vectors
     * to the next: a vector that a loop carries was seen to be boxed for good when the loop was compiled while it ran.
     */
    private float sum(float[] values, int from, int count) {
        Arrays.fill(lanes, 0);
        int i = from;
        int end = from + count;
        for (; i <= end - 4 * Lanes.WIDTH; i += 4 * Lanes.WIDTH) {
            FloatVector.fromArray(Lanes.FLOATS, lanes, 0)
                    .add(FloatVector.fromArray(Lanes.FLOATS, values, i))
                    .add(FloatVector.fromArray(Lanes.FLOATS, values, i + Lanes.WIDTH))
                    .add(FloatVector.fromArray(Lanes.FLOATS, values, i + 2 * Lanes.WIDTH))
                    .add(FloatVector.fromArray(Lanes.FLOATS, values, i + 3 * Lanes.WIDTH))
                    .intoArray(lanes, 0);
        }
        for (; i <= end - Lanes.WIDTH; i += Lanes.WIDTH) {
            FloatVector.fromArray(Lanes.FLOATS, lanes, 0)
                    .add(FloatVector.fromArray(Lanes.FLOATS, values, i))
                    .intoArray(lanes, 0);
        }
        float sum = 0;
        for (float lane : lanes) {
            sum += lane;
        }
        for (; i < end; i++) {
            sum += values[i];
        }
        return sum;
    }

    void applyMask(Tensor x, Tensor mask) {
        for (int r = 0; r < x.shape().members(); r++) {
            float[] values = Reals.of(x, r);
            byte[] alive = HostTensors.bytes(mask, r);
            for (int i = 0; i < values.length; i++) {
                values[i] = alive[i] == 0 ? 0f : values[i];
            }
        }
    }

    void magnitude(Tensor w, Tensor out) {
        for (int r = 0; r < w.shape().members(); r++) {
            float[] weights = Reals.of(w, r);
            float[] magnitudes = Reals.of(out, r);
            for (int i = 0; i < weights.length; i++) {
                magnitudes[i] = Math.abs(weights[i]);
            }
        }
    }

    void uniform(Tensor keys, Tensor step, int stream, Tensor positions, Tensor out) {
        for (int r = 0; r < out.shape().members(); r++) {
            int[] key = HostTensors.ints(keys, r);
            int now = HostTensors.ints(step, r)[0];
            int[] index = HostTensors.ints(positions, r);
            float[] values = Reals.of(out, r);
            for (int i = 0; i < values.length; i++) {
                Philox.block(key[0], key[1], index[i], now, stream, 0, block);
                values[i] = Philox.unitFloat(block[0]);
            }
        }
    }
}
