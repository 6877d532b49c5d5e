package io.espalier.backend.cpu;

import io.espalier.backend.HostTensors;
import io.espalier.backend.SparsePattern;
import io.espalier.backend.Tensor;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** Dense times dense, sampled where there are weights: one dot product over the batch for each. */
final class SampledProduct {
    private static final int HALF = Lanes.WIDTH / 2;

    /** A vector of partial sums, with room for a vector to be read from its middle. */
    private final float[] partial = new float[2 * Lanes.WIDTH];

    void weightGradient(SparsePattern pattern, Tensor dz, Tensor x, Tensor dvalues) {
        for (int r = 0; r < dvalues.shape().members(); r++) {
            rows(
                    HostTensors.ints(pattern.rowStarts(), r),
                    HostTensors.ints(pattern.columns(), r),
                    Reals.of(dz, r),
                    Reals.of(x, r),
                    Reals.of(dvalues, r),
                    dz.shape().columns());
        }
    }

    private void rows(int[] starts, int[] columns, float[] dz, float[] x, float[] out, int batch) {
        for (int row = 0; row < starts.length - 1; row++) {
            for (int k = starts[row]; k < starts[row + 1]; k++) {
                out[k] = dot(dz, row * batch, x, columns[k] * batch, batch);
            }
        }
        // Members with fewer weights than the fullest: what is left over must not move.
        Arrays.fill(out, starts[starts.length - 1], out.length, 0f);
    }

    private float dot(float[] a, int atA, float[] b, int atB, int count) {
        FloatVector even = FloatVector.zero(Lanes.FLOATS);
        FloatVector odd = even;
        int i = 0;
        for (; i <= count - 2 * Lanes.WIDTH; i += 2 * Lanes.WIDTH) {
            even = FloatVector.fromArray(Lanes.FLOATS, a, atA + i)
                    .fma(FloatVector.fromArray(Lanes.FLOATS, b, atB + i), even);
            odd = FloatVector.fromArray(Lanes.FLOATS, a, atA + i + Lanes.WIDTH)
                    .fma(FloatVector.fromArray(Lanes.FLOATS, b, atB + i + Lanes.WIDTH), odd);
        }
        for (; i <= count - Lanes.WIDTH; i += Lanes.WIDTH) {
            even = FloatVector.fromArray(Lanes.FLOATS, a, atA + i)
                    .fma(FloatVector.fromArray(Lanes.FLOATS, b, atB + i), even);
        }
        even.add(odd).intoArray(partial, 0);
        float sum = 0;
        for (int lane = 0; lane < HALF; lane += 2) {
            sum += (partial[lane] + partial[lane + HALF]) + (partial[lane + 1] + partial[lane + 1 + HALF]);
        }
        for (; i < count; i++) {
            sum = Math.fma(a[atA + i], b[atB + i], sum);
        }
        return sum;
    }
}
