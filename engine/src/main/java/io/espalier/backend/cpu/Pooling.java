package io.espalier.backend.cpu;

import io.espalier.backend.HostTensors;
import io.espalier.backend.Tensor;
import io.espalier.backend.Window;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Images with a pixel for each window: its largest pixel or its scaled sum, a batch at a time. */
final class Pooling {
    private final Cores cores;

    Pooling(Cores cores) {
        this.cores = cores;
    }

    /** Where the pixels of a window are, cut at the borders; first is where its whole would begin. */
    private record Part(int top, int bottom, int left, int right, int first) {
        static Part of(Window window, int output) {
            int ox = output % window.outputWidth();
            int oy = output / window.outputWidth() % window.outputHeight();
            int channel = output / window.outputWidth() / window.outputHeight();
            int y = oy * window.stride() - window.padding();
            int x = ox * window.stride() - window.padding();
            return new Part(
                    Math.max(0, -y),
                    Math.min(window.kernel(), window.height() - y),
                    Math.max(0, -x),
                    Math.min(window.kernel(), window.width() - x),
                    (channel * window.height() + y) * window.width() + x);
        }
    }

    /** Some windows of some channels: first to end - 1 in reading order. */
    private void channels(Window window, int batch, Cores.SomeRows outputs) {
        int each = window.outputHeight() * window.outputWidth();
        cores.rows(
                window.channels(),
                Math.max(each, window.height() * window.width()) * batch,
                (first, end, core) -> outputs.compute(first * each, end * each, core));
    }

    void max(Tensor x, Window window, Tensor y, Tensor winners) {
        int batch = x.shape().columns();
        for (int r = 0; r < x.shape().members(); r++) {
            float[] images = Reals.of(x, r);
            float[] best = Reals.of(y, r);
            byte[] winner = HostTensors.bytes(winners, r);
            channels(window, batch, (first, end, core) -> max(images, window, batch, first, end, best, winner));
        }
    }

    private static void max(float[] images, Window window, int batch, int first, int end, float[] best, byte[] winner) {
        // Which place is the best so far, for the images of a batch.
        float[] places = new float[batch];
        for (int output = first; output < end; output++) {
            Part part = Part.of(window, output);
            int to = output * batch;
            int begun = part.top * window.kernel() + part.left;
            Arrays.fill(places, begun);
            System.arraycopy(images, (part.first + part.top * window.width() + part.left) * batch, best, to, batch);
            for (int ky = part.top; ky < part.bottom; ky++) {
                for (int kx = part.left; kx < part.right; kx++) {
                    int place = ky * window.kernel() + kx;
                    if (place > begun) {
                        int from = (part.first + ky * window.width() + kx) * batch;
                        compare(images, from, place, best, to, places);
                    }
                }
            }
            for (int b = 0; b < batch; b++) {
                winner[to + b] = (byte) (int) places[b];
            }
        }
    }

    private static void compare(float[] images, int from, int place, float[] best, int to, float[] places) {
        int batch = places.length;
        int b = 0;
        for (; b <= batch - Lanes.WIDTH; b += Lanes.WIDTH) {
            FloatVector value = FloatVector.fromArray(Lanes.FLOATS, images, from + b);
            FloatVector old = FloatVector.fromArray(Lanes.FLOATS, best, to + b);
            VectorMask<Float> firstNan =
                    value.compare(VectorOperators.NE, value).and(old.compare(VectorOperators.EQ, old));
            VectorMask<Float> more = value.compare(VectorOperators.GT, old).or(firstNan);
            old.blend(value, more).intoArray(best, to + b);
            FloatVector.fromArray(Lanes.FLOATS, places, b)
                    .blend((float) place, more)
                    .intoArray(places, b);
        }
        for (; b < batch; b++) {
            float value = images[from + b];
            float old = best[to + b];
            if (value > old || Float.isNaN(value) && !Float.isNaN(old)) {
                best[to + b] = value;
                places[b] = place;
            }
        }
    }

    /** Windows send to their winners, in their order. */
    void maxGradient(Tensor dy, Tensor winners, Window window, Tensor dx) {
        int batch = dx.shape().columns();
        int[] offsets = new int[window.places()];
        for (int place = 0; place < offsets.length; place++) {
            offsets[place] = (place / window.kernel() * window.width() + place % window.kernel()) * batch;
        }
        for (int r = 0; r < dx.shape().members(); r++) {
            float[] gradient = Reals.of(dy, r);
            byte[] winner = HostTensors.bytes(winners, r);
            float[] images = Reals.of(dx, r);
            Arrays.fill(images, 0f);
            channels(window, batch, (first, end, core) -> {
                for (int output = first; output < end; output++) {
                    int to = Part.of(window, output).first * batch;
                    int from = output * batch;
                    for (int b = 0; b < batch; b++) {
                        images[to + offsets[winner[from + b] & 0xFF] + b] += gradient[from + b];
                    }
                }
            });
        }
    }

    void average(Tensor x, Window window, float scale, Tensor y) {
        int batch = x.shape().columns();
        for (int r = 0; r < x.shape().members(); r++) {
            float[] images = Reals.of(x, r);
            float[] sums = Reals.of(y, r);
            Arrays.fill(sums, 0f);
            for (int output = 0; output < window.outputs(); output++) {
                Part part = Part.of(window, output);
                for (int ky = part.top; ky < part.bottom; ky++) {
                    for (int kx = part.left; kx < part.right; kx++) {
                        int from = (part.first + ky * window.width() + kx) * batch;
                        Lanes.add(images, from, sums, output * batch, batch);
                    }
                }
            }
            scale(sums, scale);
        }
    }

    void averageGradient(Tensor dy, Window window, float scale, Tensor dx) {
        int batch = dx.shape().columns();
        for (int r = 0; r < dx.shape().members(); r++) {
            float[] gradient = Reals.of(dy, r);
            float[] images = Reals.of(dx, r);
            Arrays.fill(images, 0f);
            for (int output = 0; output < window.outputs(); output++) {
                Part part = Part.of(window, output);
                for (int ky = part.top; ky < part.bottom; ky++) {
                    for (int kx = part.left; kx < part.right; kx++) {
                        int to = (part.first + ky * window.width() + kx) * batch;
                        Lanes.add(gradient, output * batch, images, to, batch);
                    }
                }
            }
            scale(images, scale);
        }
    }

    private static void scale(float[] values, float scale) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= scale;
        }
    }
}
