package io.espalier.backend.cpu;

import io.espalier.backend.Activation;
import io.espalier.backend.Dropout;
import io.espalier.backend.Tensor;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Bias, activation and dropout in one pass over the outputs, and the same way back. */
final class Activations {
    private final Cores cores;
    private final DropScales drops = new DropScales();
    private float[] scratch = new float[0];

    Activations(Cores cores) {
        this.cores = cores;
    }

    void forward(Tensor z, Tensor bias, Activation f, Dropout dropout) {
        int rows = z.shape().rows();
        int columns = z.shape().columns();
        for (int r = 0; r < z.shape().members(); r++) {
            float[] values = Reals.of(z, r);
            float[] biases = Reals.of(bias, r);
            boolean dropping = drops.start(dropout, r);
            if (f == Activation.RELU && !dropping) {
                cores.rows(rows, columns, (first, end, core) -> {
                    for (int unit = first; unit < end; unit++) {
                        relu(values, unit * columns, columns, biases[unit]);
                    }
                });
                continue;
            }
            for (int unit = 0; unit < rows; unit++) {
                int at = unit * columns;
                switch (f) {
                    case LINEAR -> add(values, at, columns, biases[unit]);
                    case RELU -> relu(values, at, columns, biases[unit]);
                    case SIGMOID, TANH -> smooth(values, at, columns, biases[unit], f);
                }
                if (dropping) {
                    multiply(values, at, columns, drops.row(unit, columns));
                }
            }
        }
    }

    void backward(Tensor a, Activation f, Dropout dropout, Tensor da) {
        int rows = a.shape().rows();
        int columns = a.shape().columns();
        for (int r = 0; r < a.shape().members(); r++) {
            float[] outputs = Reals.of(a, r);
            float[] gradients = Reals.of(da, r);
            boolean dropping = drops.start(dropout, r);
            float scale = dropping ? drops.scale() : 1f;
            if (f == Activation.RELU) {
                // A positive output survived, a zero has derivative zero either way: the draws are not needed again.
                cores.rows(
                        rows,
                        columns,
                        (first, end, core) -> reluGradient(outputs, scale, gradients, first * columns, end * columns));
                continue;
            }
            for (int unit = 0; unit < rows; unit++) {
                int at = unit * columns;
                if (f != Activation.LINEAR) {
                    smoothGradient(outputs, at, columns, scale, f, gradients);
                }
                if (dropping) {
                    multiply(gradients, at, columns, drops.row(unit, columns));
                }
            }
        }
    }

    void drop(Tensor x, Dropout dropout) {
        int columns = x.shape().columns();
        for (int r = 0; r < x.shape().members(); r++) {
            if (drops.start(dropout, r)) {
                for (int unit = 0; unit < x.shape().rows(); unit++) {
                    multiply(Reals.of(x, r), unit * columns, columns, drops.row(unit, columns));
                }
            }
        }
    }

    private static void add(float[] values, int at, int count, float bias) {
        int i = 0;
        for (; i <= count - Lanes.WIDTH; i += Lanes.WIDTH) {
            FloatVector.fromArray(Lanes.FLOATS, values, at + i).add(bias).intoArray(values, at + i);
        }
        for (; i < count; i++) {
            values[at + i] += bias;
        }
    }

    private static void relu(float[] values, int at, int count, float bias) {
        int i = 0;
        for (; i <= count - Lanes.WIDTH; i += Lanes.WIDTH) {
            FloatVector.fromArray(Lanes.FLOATS, values, at + i)
                    .add(bias)
                    .max(0f)
                    .intoArray(values, at + i);
        }
        for (; i < count; i++) {
            values[at + i] = Math.max(values[at + i] + bias, 0f);
        }
    }

    /** Works on padded scratch, so that every column goes through the same vector instructions. */
    private void smooth(float[] values, int at, int count, float bias, Activation f) {
        if (scratch.length < count) {
            scratch = new float[Lanes.padded(count)];
        }
        System.arraycopy(values, at, scratch, 0, count);
        for (int i = 0; i < count; i += Lanes.WIDTH) {
            FloatVector x = FloatVector.fromArray(Lanes.FLOATS, scratch, i).add(bias);
            FloatVector y = f == Activation.TANH
                    ? Exponentials.tanh(x)
                    : FloatVector.broadcast(Lanes.FLOATS, 1f)
                            .div(Exponentials.exp(x.neg()).add(1f));
            y.intoArray(scratch, i);
        }
        System.arraycopy(scratch, 0, values, at, count);
    }

    private static void multiply(float[] values, int at, int count, float[] factors) {
        int i = 0;
        for (; i <= count - Lanes.WIDTH; i += Lanes.WIDTH) {
            FloatVector.fromArray(Lanes.FLOATS, values, at + i)
                    .mul(FloatVector.fromArray(Lanes.FLOATS, factors, i))
                    .intoArray(values, at + i);
        }
        for (; i < count; i++) {
            values[at + i] *= factors[i];
        }
    }

    /** The gradient where the output is positive, times what dropout has scaled it by. */
    static void reluGradient(float[] outputs, float scale, float[] gradients) {
        reluGradient(outputs, scale, gradients, 0, outputs.length);
    }

    private static void reluGradient(float[] outputs, float scale, float[] gradients, int first, int end) {
        FloatVector zero = FloatVector.zero(Lanes.FLOATS);
        int i = first;
        for (; i <= end - Lanes.WIDTH; i += Lanes.WIDTH) {
            FloatVector scaled =
                    FloatVector.fromArray(Lanes.FLOATS, gradients, i).mul(scale);
            zero.blend(scaled, FloatVector.fromArray(Lanes.FLOATS, outputs, i).compare(VectorOperators.GT, 0f))
                    .intoArray(gradients, i);
        }
        for (; i < end; i++) {
            gradients[i] = outputs[i] > 0 ? gradients[i] * scale : 0f;
        }
    }

    /** gradient times f'(z), from y = f(z) = output / scale: y (1 - y) for the sigmoid, 1 - y^2 for tanh. */
    private static void smoothGradient(
            float[] outputs, int at, int count, float scale, Activation f, float[] gradients) {
        float unscale = 1f / scale;
        for (int i = at; i < at + count; i++) {
            float y = outputs[i] * unscale;
            gradients[i] *= f == Activation.TANH ? 1f - y * y : y * (1f - y);
        }
    }
}
