package io.espalier.backend.cpu;

import io.espalier.backend.HostTensors;
import io.espalier.backend.SparsePattern;
import io.espalier.backend.Tensor;
import jdk.incubator.vector.FloatVector;

/**
 * Sparse times dense, from either side. A weight is broadcast against the contiguous batch of its input; four vectors of the
 * batch stay in registers while a row's weights go by.
 */
final class SparseProducts {
    private static final int PANEL = 4;

    /** z (O, B) = w x: walks the rows. */
    void forward(SparsePattern pattern, Tensor values, Tensor x, Tensor z) {
        for (int r = 0; r < values.shape().members(); r++) {
            product(
                    HostTensors.ints(pattern.rowStarts(), r),
                    HostTensors.ints(pattern.columns(), r),
                    null,
                    Reals.of(values, r),
                    Reals.of(x, r),
                    Reals.of(z, r),
                    x.shape().columns());
        }
    }

    /** dx (I, B) = w' dz: walks the columns, whose weights are found through their numbers in row order. */
    void inputGradient(SparsePattern pattern, Tensor values, Tensor dz, Tensor dx) {
        for (int r = 0; r < values.shape().members(); r++) {
            inputGradient(pattern, r, Reals.of(values, r), dz, dx);
        }
    }

    /** The same for one member and numbers that stand in the places of its weights. */
    void inputGradient(SparsePattern pattern, int r, float[] values, Tensor dz, Tensor dx) {
        product(
                HostTensors.ints(pattern.columnStarts(), r),
                HostTensors.ints(pattern.rows(), r),
                HostTensors.ints(pattern.order(), r),
                values,
                Reals.of(dz, r),
                Reals.of(dx, r),
                dz.shape().columns());
    }

    private static void product(
            int[] starts, int[] others, int[] order, float[] values, float[] in, float[] out, int batch) {
        for (int line = 0; line < starts.length - 1; line++) {
            int first = starts[line];
            int last = starts[line + 1];
            int b = 0;
            for (; b <= batch - PANEL * Lanes.WIDTH; b += PANEL * Lanes.WIDTH) {
                panel(first, last, others, order, values, in, out, batch, line * batch, b);
            }
            for (; b <= batch - Lanes.WIDTH; b += Lanes.WIDTH) {
                FloatVector sum = FloatVector.zero(Lanes.FLOATS);
                for (int k = first; k < last; k++) {
                    FloatVector weight = FloatVector.broadcast(Lanes.FLOATS, values[order == null ? k : order[k]]);
                    sum = FloatVector.fromArray(Lanes.FLOATS, in, others[k] * batch + b)
                            .fma(weight, sum);
                }
                sum.intoArray(out, line * batch + b);
            }
            for (; b < batch; b++) {
                float sum = 0;
                for (int k = first; k < last; k++) {
                    sum = Math.fma(in[others[k] * batch + b], values[order == null ? k : order[k]], sum);
                }
                out[line * batch + b] = sum;
            }
        }
    }

    private static void panel(
            int first,
            int last,
            int[] others,
            int[] order,
            float[] values,
            float[] in,
            float[] out,
            int batch,
            int to,
            int b) {
        FloatVector sum0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        for (int k = first; k < last; k++) {
            FloatVector weight = FloatVector.broadcast(Lanes.FLOATS, values[order == null ? k : order[k]]);
            int at = others[k] * batch + b;
            sum0 = FloatVector.fromArray(Lanes.FLOATS, in, at).fma(weight, sum0);
            sum1 = FloatVector.fromArray(Lanes.FLOATS, in, at + Lanes.WIDTH).fma(weight, sum1);
            sum2 = FloatVector.fromArray(Lanes.FLOATS, in, at + 2 * Lanes.WIDTH).fma(weight, sum2);
            sum3 = FloatVector.fromArray(Lanes.FLOATS, in, at + 3 * Lanes.WIDTH).fma(weight, sum3);
        }
        sum0.intoArray(out, to + b);
        sum1.intoArray(out, to + b + Lanes.WIDTH);
        sum2.intoArray(out, to + b + 2 * Lanes.WIDTH);
        sum3.intoArray(out, to + b + 3 * Lanes.WIDTH);
    }
}
