package io.espalier.backend.cpu;

import io.espalier.backend.HostTensors;
import io.espalier.backend.SparsePattern;
import io.espalier.backend.Tensor;
import jdk.incubator.vector.FloatVector;

/**
 * Sparse times dense, from either side. A weight is broadcast against the contiguous batch of its input; eight vectors of the
 * batch stay in registers while a row's weights go by, or four: a sum waits four cycles for the one before it, and four sums take half
 * of the additions that a cycle has room for. Measured on Zen 5, 300 x 784 with batch 128, at 25, 12, 5 and 2 %: 334, 161, 63 and 25 us by
 * four, 244, 117, 47 and 19 by eight. Where an array does not happen to begin at a cache line, as one in eight does, every load takes two.
 */
final class SparseProducts {
    private static final int WIDE = 8;
    private static final int PANEL = 4;

    /**
     * The numbers that are there, line by line.
     *
     * @param starts where the numbers of a line begin; one more than there are lines
     * @param others of every number, the line of what it is multiplied with
     * @param order where its value is; null where that is its own place
     */
    record Entries(int[] starts, int[] others, int[] order, float[] values) {
        /** Of member r, by rows. */
        static Entries rows(SparsePattern pattern, int r, float[] values) {
            return new Entries(
                    HostTensors.ints(pattern.rowStarts(), r), HostTensors.ints(pattern.columns(), r), null, values);
        }

        /** By columns, whose values are found through their numbers in row order. */
        static Entries columns(SparsePattern pattern, int r, float[] values) {
            return new Entries(
                    HostTensors.ints(pattern.columnStarts(), r),
                    HostTensors.ints(pattern.rows(), r),
                    HostTensors.ints(pattern.order(), r),
                    values);
        }

        int lines() {
            return starts.length - 1;
        }
    }

    /**
     * Lines of numbers that are neighbours.
     *
     * @param first where line 0 begins
     * @param stride from one line to the next
     */
    record Lines(float[] numbers, int first, int stride) {}

    /** z (O, B) = w x: walks the rows. */
    void forward(SparsePattern pattern, Tensor values, Tensor x, Tensor z) {
        int batch = x.shape().columns();
        for (int r = 0; r < values.shape().members(); r++) {
            Entries rows = Entries.rows(pattern, r, Reals.of(values, r));
            product(
                    rows,
                    0,
                    rows.lines(),
                    new Lines(Reals.of(x, r), 0, batch),
                    new Lines(Reals.of(z, r), 0, batch),
                    batch);
        }
    }

    /** dx (I, B) = w' dz: walks the columns. */
    void inputGradient(SparsePattern pattern, Tensor values, Tensor dz, Tensor dx) {
        for (int r = 0; r < values.shape().members(); r++) {
            inputGradient(pattern, r, Reals.of(values, r), dz, dx);
        }
    }

    /** The same for one member and numbers that stand in the places of its weights. */
    void inputGradient(SparsePattern pattern, int r, float[] values, Tensor dz, Tensor dx) {
        int batch = dz.shape().columns();
        Entries columns = Entries.columns(pattern, r, values);
        product(
                columns,
                0,
                columns.lines(),
                new Lines(Reals.of(dz, r), 0, batch),
                new Lines(Reals.of(dx, r), 0, batch),
                batch);
    }

    /**
     * The lines first to end - 1 of the product, all examples in pieces of so many vectors; the last piece ends where they do, and what it shares with the
     * one before is computed twice, to the same bits. 50 examples, forward and to the weights at 10 % of 300 x 784: 160 us, and 222 where those
     * beyond the last whole vector go one by one.
     */
    static void product(Entries entries, int first, int end, Lines in, Lines out, int examples) {
        int w = Lanes.WIDTH;
        int b = 0;
        while (b < examples) {
            int left = examples - b;
            if (left > PANEL * w && examples >= WIDE * w) {
                b = Math.min(b, examples - WIDE * w);
                for (int line = first; line < end; line++) {
                    wide(entries, line, in, out, b);
                }
                b += WIDE * w;
            } else if (left > 2 * w && examples > (PANEL - 1) * w) {
                b = Math.min(b, Math.max(0, examples - PANEL * w));
                int reach = Math.min(PANEL * w, examples - b) - w;
                for (int line = first; line < end; line++) {
                    panel(entries, line, in, out, b, reach);
                }
                b += reach + w;
            } else if (examples >= w) {
                b = Math.min(b, examples - w);
                for (int line = first; line < end; line++) {
                    single(entries, line, in, out, b);
                }
                b += w;
            } else {
                for (int line = first; line < end; line++) {
                    example(entries, line, in, out, b);
                }
                b++;
            }
        }
    }

    private static void wide(Entries entries, int line, Lines in, Lines out, int b) {
        int[] others = entries.others;
        int[] order = entries.order;
        float[] values = entries.values;
        float[] from = in.numbers;
        int last = entries.starts[line + 1];
        int w = Lanes.WIDTH;
        FloatVector sum0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        FloatVector sum4 = sum0;
        FloatVector sum5 = sum0;
        FloatVector sum6 = sum0;
        FloatVector sum7 = sum0;
        for (int k = entries.starts[line]; k < last; k++) {
            FloatVector weight = FloatVector.broadcast(Lanes.FLOATS, values[order == null ? k : order[k]]);
            int at = others[k] * in.stride + in.first + b;
            sum0 = FloatVector.fromArray(Lanes.FLOATS, from, at).fma(weight, sum0);
            sum1 = FloatVector.fromArray(Lanes.FLOATS, from, at + w).fma(weight, sum1);
            sum2 = FloatVector.fromArray(Lanes.FLOATS, from, at + 2 * w).fma(weight, sum2);
            sum3 = FloatVector.fromArray(Lanes.FLOATS, from, at + 3 * w).fma(weight, sum3);
            sum4 = FloatVector.fromArray(Lanes.FLOATS, from, at + 4 * w).fma(weight, sum4);
            sum5 = FloatVector.fromArray(Lanes.FLOATS, from, at + 5 * w).fma(weight, sum5);
            sum6 = FloatVector.fromArray(Lanes.FLOATS, from, at + 6 * w).fma(weight, sum6);
            sum7 = FloatVector.fromArray(Lanes.FLOATS, from, at + 7 * w).fma(weight, sum7);
        }
        int to = out.first + line * out.stride + b;
        sum0.intoArray(out.numbers, to);
        sum1.intoArray(out.numbers, to + w);
        sum2.intoArray(out.numbers, to + 2 * w);
        sum3.intoArray(out.numbers, to + 3 * w);
        sum4.intoArray(out.numbers, to + 4 * w);
        sum5.intoArray(out.numbers, to + 5 * w);
        sum6.intoArray(out.numbers, to + 6 * w);
        sum7.intoArray(out.numbers, to + 7 * w);
    }

    /** @param reach where the fourth vector is, from the first: behind the third, or before so that it ends with the batch */
    private static void panel(Entries entries, int line, Lines in, Lines out, int b, int reach) {
        int[] others = entries.others;
        int[] order = entries.order;
        float[] values = entries.values;
        float[] from = in.numbers;
        int last = entries.starts[line + 1];
        FloatVector sum0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        for (int k = entries.starts[line]; k < last; k++) {
            FloatVector weight = FloatVector.broadcast(Lanes.FLOATS, values[order == null ? k : order[k]]);
            int at = others[k] * in.stride + in.first + b;
            sum0 = FloatVector.fromArray(Lanes.FLOATS, from, at).fma(weight, sum0);
            sum1 = FloatVector.fromArray(Lanes.FLOATS, from, at + Lanes.WIDTH).fma(weight, sum1);
            sum2 = FloatVector.fromArray(Lanes.FLOATS, from, at + 2 * Lanes.WIDTH)
                    .fma(weight, sum2);
            sum3 = FloatVector.fromArray(Lanes.FLOATS, from, at + reach).fma(weight, sum3);
        }
        int to = out.first + line * out.stride + b;
        sum0.intoArray(out.numbers, to);
        sum1.intoArray(out.numbers, to + Lanes.WIDTH);
        sum2.intoArray(out.numbers, to + 2 * Lanes.WIDTH);
        sum3.intoArray(out.numbers, to + reach);
    }

    private static void single(Entries entries, int line, Lines in, Lines out, int b) {
        int[] others = entries.others;
        int[] order = entries.order;
        float[] values = entries.values;
        float[] from = in.numbers;
        int last = entries.starts[line + 1];
        FloatVector sum = FloatVector.zero(Lanes.FLOATS);
        for (int k = entries.starts[line]; k < last; k++) {
            FloatVector weight = FloatVector.broadcast(Lanes.FLOATS, values[order == null ? k : order[k]]);
            sum = FloatVector.fromArray(Lanes.FLOATS, from, others[k] * in.stride + in.first + b)
                    .fma(weight, sum);
        }
        sum.intoArray(out.numbers, out.first + line * out.stride + b);
    }

    private static void example(Entries entries, int line, Lines in, Lines out, int b) {
        int[] others = entries.others;
        int[] order = entries.order;
        float[] values = entries.values;
        float[] from = in.numbers;
        int last = entries.starts[line + 1];
        float sum = 0;
        for (int k = entries.starts[line]; k < last; k++) {
            sum = Math.fma(from[others[k] * in.stride + in.first + b], values[order == null ? k : order[k]], sum);
        }
        out.numbers[out.first + line * out.stride + b] = sum;
    }
}
