package io.espalier.backend.cpu;

import io.espalier.backend.Moments;
import io.espalier.backend.Tensor;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Rows and their moments. Sums run in the lanes of a vector, which are then added in their order, and after them what is left at the
 * end of the row. Partial sums rest in arrays: a vector that a loop carries was seen to be boxed when the loop was compiled while it
 * ran.
 */
final class Normalisation {
    private static final int GROUP = 4;

    private final Elementwise elementwise;
    private final Cores cores;
    private final float[][] lanes;

    Normalisation(Elementwise elementwise, Cores cores) {
        this.elementwise = elementwise;
        this.cores = cores;
        lanes = new float[cores.count()][Lanes.WIDTH];
    }

    void mean(Tensor x, Tensor mean) {
        elementwise.rowSums(x, mean);
        for (int r = 0; r < mean.shape().members(); r++) {
            float[] sums = Reals.of(mean, r);
            for (int row = 0; row < sums.length; row++) {
                sums[row] /= x.shape().columns();
            }
        }
    }

    void variance(Tensor x, Tensor mean, Tensor variance) {
        int columns = x.shape().columns();
        for (int r = 0; r < x.shape().members(); r++) {
            float[] values = Reals.of(x, r);
            float[] middle = Reals.of(mean, r);
            float[] out = Reals.of(variance, r);
            cores.rows(out.length, columns, (first, end, core) -> {
                for (int row = first; row < end; row++) {
                    // The same numbers twice: their products are the squares.
                    float sum = products(values, middle[row], values, middle[row], row * columns, columns, lanes[core]);
                    out[row] = sum / columns;
                }
            });
        }
    }

    void sums(Tensor x, Moments moments, Tensor dy, Tensor dgain, Tensor dshift) {
        int columns = x.shape().columns();
        elementwise.rowSums(dy, dshift);
        for (int r = 0; r < x.shape().members(); r++) {
            float[] middle = Reals.of(moments.mean(), r);
            float[] variance = Reals.of(moments.variance(), r);
            float[] out = Reals.of(dgain, r);
            float[] values = Reals.of(x, r);
            float[] gradient = Reals.of(dy, r);
            cores.rows(out.length, columns, (first, end, core) -> {
                for (int row = first; row < end; row++) {
                    float sum = products(values, middle[row], gradient, 0, row * columns, columns, lanes[core]);
                    out[row] = sum / deviation(variance[row], moments);
                }
            });
        }
    }

    /** The sum of (a - fromA) (b - fromB) over a row. */
    private static float products(float[] a, float fromA, float[] b, float fromB, int at, int columns, float[] lanes) {
        Arrays.fill(lanes, 0f);
        int i = at;
        int end = at + columns;
        for (; i <= end - GROUP * Lanes.WIDTH; i += GROUP * Lanes.WIDTH) {
            FloatVector.fromArray(Lanes.FLOATS, lanes, 0)
                    .add(product(a, fromA, b, fromB, i))
                    .add(product(a, fromA, b, fromB, i + Lanes.WIDTH))
                    .add(product(a, fromA, b, fromB, i + 2 * Lanes.WIDTH))
                    .add(product(a, fromA, b, fromB, i + 3 * Lanes.WIDTH))
                    .intoArray(lanes, 0);
        }
        for (; i <= end - Lanes.WIDTH; i += Lanes.WIDTH) {
            FloatVector.fromArray(Lanes.FLOATS, lanes, 0)
                    .add(product(a, fromA, b, fromB, i))
                    .intoArray(lanes, 0);
        }
        float sum = 0;
        for (float lane : lanes) {
            sum += lane;
        }
        for (; i < end; i++) {
            sum += (a[i] - fromA) * (b[i] - fromB);
        }
        return sum;
    }

    private static FloatVector product(float[] a, float fromA, float[] b, float fromB, int i) {
        return FloatVector.fromArray(Lanes.FLOATS, a, i)
                .sub(fromA)
                .mul(FloatVector.fromArray(Lanes.FLOATS, b, i).sub(fromB));
    }

    void apply(Tensor x, Moments moments, Tensor gain, Tensor shift, Tensor y) {
        int columns = x.shape().columns();
        for (int r = 0; r < x.shape().members(); r++) {
            int member = r;
            cores.rows(x.shape().rows(), columns, (first, end, core) -> {
                for (int row = first; row < end; row++) {
                    float variance = Reals.of(moments.variance(), member)[row];
                    float scale = Reals.of(gain, member)[row] / deviation(variance, moments);
                    float middle = Reals.of(moments.mean(), member)[row];
                    float[] out = Reals.of(y, member);
                    float up = Reals.of(shift, member)[row];
                    move(Reals.of(x, member), middle, scale, up, out, row * columns, columns);
                }
            });
        }
    }

    private static void move(float[] from, float middle, float scale, float shift, float[] to, int at, int columns) {
        for (int i = at; i < at + columns; i++) {
            to[i] = scale * (from[i] - middle) + shift;
        }
    }

    void gradient(Tensor x, Moments moments, Tensor gain, Tensor dy, Tensor dgain, Tensor dshift, Tensor dx) {
        int columns = x.shape().columns();
        for (int r = 0; r < x.shape().members(); r++) {
            int member = r;
            cores.rows(x.shape().rows(), columns, (first, end, core) -> {
                for (int row = first; row < end; row++) {
                    float inverse = 1 / deviation(Reals.of(moments.variance(), member)[row], moments);
                    float[] in = Reals.of(x, member);
                    float[] out = Reals.of(dx, member);
                    float scale = Reals.of(gain, member)[row] * inverse;
                    float along = Reals.of(dgain, member)[row] / columns * inverse;
                    float shared = Reals.of(dshift, member)[row] / columns;
                    float middle = Reals.of(moments.mean(), member)[row];
                    project(in, middle, along, Reals.of(dy, member), shared, scale, out, row * columns, columns);
                }
            });
        }
    }

    private static void project(
            float[] x,
            float middle,
            float along,
            float[] dy,
            float shared,
            float scale,
            float[] dx,
            int at,
            int columns) {
        for (int i = at; i < at + columns; i++) {
            dx[i] = scale * (dy[i] - shared - (x[i] - middle) * along);
        }
    }

    void scale(Tensor x, Moments moments, Tensor gain, int power, Tensor out) {
        int columns = x.shape().columns();
        for (int r = 0; r < x.shape().members(); r++) {
            float[] from = Reals.of(x, r);
            float[] to = Reals.of(out, r);
            for (int row = 0; row < x.shape().rows(); row++) {
                float once = Reals.of(gain, r)[row] / deviation(Reals.of(moments.variance(), r)[row], moments);
                float scale = power == 1 ? once : once * once;
                for (int i = row * columns; i < (row + 1) * columns; i++) {
                    to[i] = from[i] * scale;
                }
            }
        }
    }

    private static float deviation(float variance, Moments moments) {
        return (float) Math.sqrt(variance + (float) moments.epsilon());
    }
}
