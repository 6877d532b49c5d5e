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
    /** A float from which on the last byte of a number's bits is the number. */
    private static final float LAST_BYTE = 1 << 23;

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

        boolean isWhole(Window window) {
            return top == 0 && left == 0 && bottom == window.kernel() && right == window.kernel();
        }

        /** In reading order. */
        int[] places(Window window) {
            int[] places = new int[(bottom - top) * (right - left)];
            for (int i = 0; i < places.length; i++) {
                places[i] = (top + i / (right - left)) * window.kernel() + left + i % (right - left);
            }
            return places;
        }
    }

    /** How far the places of a window are from its first one. */
    private static int[] offsets(Window window, int batch) {
        int[] offsets = new int[window.places()];
        for (int place = 0; place < offsets.length; place++) {
            offsets[place] = (place / window.kernel() * window.width() + place % window.kernel()) * batch;
        }
        return offsets;
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
        int[] offsets = offsets(window, batch);
        int[] whole = new int[window.places()];
        Arrays.setAll(whole, place -> place);
        if (batch < Lanes.WIDTH && window.padding() == 0 && (end - first) * batch >= Lanes.WIDTH) {
            few(images, corners(window, batch, first, end), whole, offsets, best, first * batch, winner);
            return;
        }
        for (int output = first; output < end; output++) {
            Part part = Part.of(window, output);
            int[] places = part.isWhole(window) ? whole : part.places(window);
            int from = part.first * batch;
            int to = output * batch;
            if (batch < Lanes.WIDTH) {
                most(images, from, places, offsets, best, to, batch, winner);
            } else {
                many(images, from, places, offsets, best, to, batch, winner);
            }
        }
    }

    /** Where the first pixels of whole windows are, those of some channels, of every image of a batch. */
    private static int[] corners(Window window, int batch, int first, int end) {
        int[] corners = new int[(end - first) * batch];
        int each = window.outputHeight() * window.outputWidth();
        int i = 0;
        for (int channel = first / each; channel < end / each; channel++) {
            for (int oy = 0; oy < window.outputHeight(); oy++) {
                int row = (channel * window.height() + oy * window.stride()) * window.width();
                for (int ox = 0; ox < window.outputWidth(); ox++) {
                    for (int b = 0; b < batch; b++) {
                        corners[i++] = (row + ox * window.stride()) * batch + b;
                    }
                }
            }
        }
        return corners;
    }

    /** One window, of at least as many images as a vector has lanes; the last vector may do some of them again. */
    private static void many(
            float[] images, int from, int[] places, int[] offsets, float[] best, int to, int batch, byte[] winner) {
        for (int b = 0; b < batch; b += Lanes.WIDTH) {
            int at = Math.min(b, batch - Lanes.WIDTH);
            FloatVector most = FloatVector.fromArray(Lanes.FLOATS, images, from + at + offsets[places[0]]);
            FloatVector where = FloatVector.broadcast(Lanes.FLOATS, LAST_BYTE + places[0]);
            FloatVector sum = most;
            for (int i = 1; i < places.length; i++) {
                FloatVector value = FloatVector.fromArray(Lanes.FLOATS, images, from + at + offsets[places[i]]);
                VectorMask<Float> more = value.compare(VectorOperators.GT, most);
                most = most.blend(value, more);
                where = where.blend(LAST_BYTE + places[i], more);
                sum = sum.add(value);
            }
            most.intoArray(best, to + at);
            Lanes.lastBytes(where, winner, to + at);
            if (sum.compare(VectorOperators.NE, sum).anyTrue()) {
                most(images, from + at, places, offsets, best, to + at, Lanes.WIDTH, winner);
            }
        }
    }

    /**
     * Whole windows of fewer images than that: their pixels are gathered. The loop stands here again because one that chose how to load
     * took four times as long.
     */
    private static void few(
            float[] images, int[] corners, int[] places, int[] offsets, float[] best, int to, byte[] winner) {
        for (int c = 0; c < corners.length; c += Lanes.WIDTH) {
            int at = Math.min(c, corners.length - Lanes.WIDTH);
            FloatVector most = FloatVector.fromArray(Lanes.FLOATS, images, offsets[places[0]], corners, at);
            FloatVector where = FloatVector.broadcast(Lanes.FLOATS, LAST_BYTE + places[0]);
            FloatVector sum = most;
            for (int i = 1; i < places.length; i++) {
                FloatVector value = FloatVector.fromArray(Lanes.FLOATS, images, offsets[places[i]], corners, at);
                VectorMask<Float> more = value.compare(VectorOperators.GT, most);
                most = most.blend(value, more);
                where = where.blend(LAST_BYTE + places[i], more);
                sum = sum.add(value);
            }
            most.intoArray(best, to + at);
            Lanes.lastBytes(where, winner, to + at);
            if (sum.compare(VectorOperators.NE, sum).anyTrue()) {
                for (int lane = at; lane < at + Lanes.WIDTH; lane++) {
                    most(images, corners[lane], places, offsets, best, to + lane, 1, winner);
                }
            }
        }
    }

    /** One by one. What is no number is more than any number; of equals the first wins. */
    private static void most(
            float[] images, int from, int[] places, int[] offsets, float[] best, int to, int count, byte[] winner) {
        for (int b = 0; b < count; b++) {
            int where = places[0];
            float most = images[from + offsets[where] + b];
            for (int place : places) {
                float value = images[from + offsets[place] + b];
                if (value > most || Float.isNaN(value) && !Float.isNaN(most)) {
                    most = value;
                    where = place;
                }
            }
            best[to + b] = most;
            winner[to + b] = (byte) where;
        }
    }

    /** Windows send to their winners, in their order. */
    void maxGradient(Tensor dy, Tensor winners, Window window, Tensor dx) {
        int batch = dx.shape().columns();
        int[] offsets = offsets(window, batch);
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
