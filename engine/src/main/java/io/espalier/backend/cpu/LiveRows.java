package io.espalier.backend.cpu;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The rows of an input, a feature each, in which some example has something; what is zero throughout takes no part in products. Pictures have
 * frames: of MNIST's 784 pixels a third is blank in 128 digits, a quarter in 512. Products on what is left round differently, no worse.
 *
 * <p>Measured on Zen 5, 300 x 784, copies included: forward 273 and 225 us with 128 digits, 1078 and 906 with 512; to the weights 277 and
 * 233, 1073 and 917. What decides whether it pays is an estimate; smaller batches and fewer outputs were not measured.
 */
final class LiveRows {
    /** So few blank rows between live ones stay: every stretch begins with a piece of its own. */
    private static final int GAP = 4;

    /** Multiplications saved for each weight from which on they should pay for the copies. */
    private static final int SAVING = 24;

    /** Fewer outputs than this should not pay for copying the inputs. */
    private static final int MIN_OUTPUTS = 64;

    /** Rows that are looked at first: of hidden activations hardly any is blank, and a look at all is 3 us of a product's 40. */
    private static final int SAMPLE = 16;

    private static final int BLANK_IN_SAMPLE = 2;

    private int rows;
    private int columns;
    private int count;

    /** Where stretches of live rows begin and end. */
    private int[] bounds = new int[0];

    private int stretches;

    /** Pieces of one vector, ascending; where one reaches too far, the next mends it. */
    private int[] wide = new int[0];

    private int[] narrow = new int[0];
    private float[] inputs = new float[0];
    private float[] weights = new float[0];

    /**
     * Looks for them.
     *
     * @param x (rows, columns)
     * @param outputs of the linear map
     * @return whether leaving out the others pays
     */
    boolean find(float[] x, int rows, int columns, int outputs) {
        if (outputs < MIN_OUTPUTS || rows < Math.max(Lanes.WIDTH, SAMPLE) || !hasBlankRows(x, rows, columns)) {
            return false;
        }
        this.rows = rows;
        this.columns = columns;
        if (bounds.length < rows + 1) {
            bounds = new int[rows + 1];
        }
        count = 0;
        stretches = 0;
        int end = -GAP;
        for (int row = 0; row < rows; row++) {
            if (isBlank(x, row * columns, columns)) {
                continue;
            }
            if (row - end >= GAP) {
                bounds[2 * stretches] = row;
                stretches++;
                count++;
            } else {
                count += row + 1 - end;
            }
            end = row + 1;
            bounds[2 * stretches - 1] = end;
        }
        return count > 0 && (long) (rows - count) * columns >= (long) SAVING * rows;
    }

    private static boolean hasBlankRows(float[] x, int rows, int columns) {
        int blank = 0;
        for (int k = 0; k < SAMPLE; k++) {
            blank += isBlank(x, k * rows / SAMPLE * columns, columns) ? 1 : 0;
        }
        return blank >= BLANK_IN_SAMPLE;
    }

    private static boolean isBlank(float[] x, int from, int count) {
        int end = from + count;
        int at = from;
        for (; at <= end - Lanes.WIDTH; at += Lanes.WIDTH) {
            if (FloatVector.fromArray(Lanes.FLOATS, x, at)
                    .compare(VectorOperators.NE, 0f)
                    .anyTrue()) {
                return false;
            }
        }
        for (; at < end; at++) {
            if (x[at] != 0) {
                return false;
            }
        }
        return true;
    }

    /** How many there are, short gaps included. */
    int count() {
        return count;
    }

    /** From a row of {@link #weights} to the next. */
    int stride() {
        return count + Lanes.WIDTH;
    }

    /** Those of x, (count, columns). */
    float[] inputs(float[] x) {
        if (inputs.length < count * columns) {
            inputs = new float[rows * columns];
        }
        int to = 0;
        for (int s = 0; s < stretches; s++) {
            int length = (bounds[2 * s + 1] - bounds[2 * s]) * columns;
            System.arraycopy(x, bounds[2 * s] * columns, inputs, to, length);
            to += length;
        }
        return inputs;
    }

    /** The weights that meet them, (outputs, count) in rows of {@link #stride}. */
    float[] weights(float[] w, int outputs) {
        float[] packed = room(outputs);
        int pieces = pieces(false);
        int stride = stride();
        for (int o = 0; o < outputs - 1; o++) {
            for (int p = 0; p < pieces; p++) {
                FloatVector.fromArray(Lanes.FLOATS, w, o * rows + wide[p]).intoArray(packed, o * stride + narrow[p]);
            }
        }
        int to = (outputs - 1) * stride;
        for (int s = 0; s < stretches; s++) {
            int length = bounds[2 * s + 1] - bounds[2 * s];
            System.arraycopy(w, (outputs - 1) * rows + bounds[2 * s], packed, to, length);
            to += length;
        }
        return packed;
    }

    /** Room for as many numbers, in rows of {@link #stride}. */
    float[] room(int outputs) {
        if (weights.length < outputs * stride()) {
            weights = new float[outputs * (rows + Lanes.WIDTH)];
        }
        return weights;
    }

    /** Numbers in rows of {@link #stride} to their places in (outputs, rows), zeros to the others. */
    void spread(float[] packed, float[] out, int outputs) {
        int pieces = pieces(true);
        int stride = stride();
        for (int o = 0; o < outputs - 1; o++) {
            FloatVector.zero(Lanes.FLOATS).intoArray(packed, o * stride + count);
            for (int p = 0; p < pieces; p++) {
                FloatVector.fromArray(Lanes.FLOATS, packed, o * stride + narrow[p])
                        .intoArray(out, o * rows + wide[p]);
            }
        }
        Arrays.fill(out, (outputs - 1) * rows, outputs * rows, 0f);
        int from = (outputs - 1) * stride;
        for (int s = 0; s < stretches; s++) {
            int length = bounds[2 * s + 1] - bounds[2 * s];
            System.arraycopy(packed, from, out, (outputs - 1) * rows + bounds[2 * s], length);
            from += length;
        }
    }

    /** Makes pieces of the stretches and, if asked to, of the gaps, which then read the zeros behind the last. */
    private int pieces(boolean gaps) {
        int most = rows / Lanes.WIDTH + 2 * stretches + 2;
        if (wide.length < most) {
            wide = new int[most];
            narrow = new int[most];
        }
        int pieces = 0;
        int packed = 0;
        int gap = 0;
        for (int s = 0; s <= stretches; s++) {
            int first = s < stretches ? bounds[2 * s] : rows;
            for (int at = gap; gaps && at < first; at += Lanes.WIDTH) {
                wide[pieces] = at;
                narrow[pieces++] = count;
            }
            if (s == stretches) {
                break;
            }
            gap = bounds[2 * s + 1];
            for (int at = first; at < gap; at += Lanes.WIDTH) {
                wide[pieces] = at;
                narrow[pieces++] = packed + at - first;
            }
            packed += gap - first;
        }
        return pieces;
    }
}
