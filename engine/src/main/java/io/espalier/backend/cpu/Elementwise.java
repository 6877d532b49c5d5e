package io.espalier.backend.cpu;

import io.espalier.backend.HostTensors;
import io.espalier.backend.Tensor;
import io.espalier.random.Philox;
import jdk.incubator.vector.FloatVector;

/** The small passes: row sums, masks, magnitudes, uniform numbers. */
final class Elementwise {
    private static final int ROWS = 4;
    private static final int GROUP = 4;

    private final Cores cores;
    private final float[][] lanes;
    private final int[] block = new int[4];

    Elementwise(Cores cores) {
        this.cores = cores;
        lanes = new float[cores.count()][ROWS * Lanes.WIDTH];
    }

    /**
     * Sums along rows. Four rows at a time, so that their chains of scalar additions overlap; the order within a row does not depend
     * on that.
     */
    void rowSums(Tensor dz, Tensor db) {
        int columns = dz.shape().columns();
        for (int r = 0; r < dz.shape().members(); r++) {
            float[] values = Reals.of(dz, r);
            float[] sums = Reals.of(db, r);
            cores.rows(
                    sums.length,
                    columns,
                    (first, end, core) -> rowSums(values, columns, first, end, lanes[core], sums));
        }
    }

    private static void rowSums(float[] values, int columns, int first, int end, float[] lanes, float[] sums) {
        int row = first;
        for (; row <= end - ROWS; row += ROWS) {
            for (int k = 0; k < ROWS; k++) {
                addLanes(values, (row + k) * columns, columns, lanes, k * Lanes.WIDTH);
            }
            float sum0 = 0;
            float sum1 = 0;
            float sum2 = 0;
            float sum3 = 0;
            for (int lane = 0; lane < Lanes.WIDTH; lane++) {
                sum0 += lanes[lane];
                sum1 += lanes[Lanes.WIDTH + lane];
                sum2 += lanes[2 * Lanes.WIDTH + lane];
                sum3 += lanes[3 * Lanes.WIDTH + lane];
            }
            sums[row] = withTail(sum0, values, row * columns, columns);
            sums[row + 1] = withTail(sum1, values, (row + 1) * columns, columns);
            sums[row + 2] = withTail(sum2, values, (row + 2) * columns, columns);
            sums[row + 3] = withTail(sum3, values, (row + 3) * columns, columns);
        }
        for (; row < end; row++) {
            addLanes(values, row * columns, columns, lanes, 0);
            float sum = 0;
            // Lane by lane: the order of reduceLanes is not specified.
            for (int lane = 0; lane < Lanes.WIDTH; lane++) {
                sum += lanes[lane];
            }
            sums[row] = withTail(sum, values, row * columns, columns);
        }
    }

    /**
     * Adds up the whole vectors of a row, into {@code lanes} from {@code to} on. Partial sums rest there from one group of vectors to
     * the next: a vector that a loop carries was seen to be boxed for good when the loop was compiled while it ran.
     */
    private static void addLanes(float[] values, int from, int count, float[] lanes, int to) {
        FloatVector.zero(Lanes.FLOATS).intoArray(lanes, to);
        int i = from;
        int end = from + count;
        for (; i <= end - GROUP * Lanes.WIDTH; i += GROUP * Lanes.WIDTH) {
            FloatVector.fromArray(Lanes.FLOATS, lanes, to)
                    .add(FloatVector.fromArray(Lanes.FLOATS, values, i))
                    .add(FloatVector.fromArray(Lanes.FLOATS, values, i + Lanes.WIDTH))
                    .add(FloatVector.fromArray(Lanes.FLOATS, values, i + 2 * Lanes.WIDTH))
                    .add(FloatVector.fromArray(Lanes.FLOATS, values, i + 3 * Lanes.WIDTH))
                    .intoArray(lanes, to);
        }
        for (; i <= end - Lanes.WIDTH; i += Lanes.WIDTH) {
            FloatVector.fromArray(Lanes.FLOATS, lanes, to)
                    .add(FloatVector.fromArray(Lanes.FLOATS, values, i))
                    .intoArray(lanes, to);
        }
    }

    private static float withTail(float sum, float[] values, int from, int count) {
        float total = sum;
        for (int i = from + count / Lanes.WIDTH * Lanes.WIDTH; i < from + count; i++) {
            total += values[i];
        }
        return total;
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
