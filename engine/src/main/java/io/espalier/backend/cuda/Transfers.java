package io.espalier.backend.cuda;

import java.nio.ByteBuffer;

/** Arrays in and out of device memory, through the device's staging memory in pieces. */
final class Transfers {
    private final KernelDevice device;
    private final ByteBuffer staging;

    Transfers(KernelDevice device) {
        this.device = device;
        this.staging = device.staging();
    }

    void write(long to, float[] values) {
        inPieces(to, values.length, Float.BYTES, (from, count) -> staging.asFloatBuffer()
                .put(values, from, count));
    }

    void write(long to, int[] values) {
        inPieces(to, values.length, Integer.BYTES, (from, count) -> staging.asIntBuffer()
                .put(values, from, count));
    }

    void write(long to, long[] values) {
        inPieces(to, values.length, Long.BYTES, (from, count) -> staging.asLongBuffer()
                .put(values, from, count));
    }

    void write(long to, byte[] values) {
        inPieces(to, values.length, 1, (from, count) -> staging.duplicate().put(values, from, count));
    }

    float[] floats(long from, int length) {
        float[] values = new float[length];
        outPieces(from, length, Float.BYTES, (at, count) -> staging.asFloatBuffer()
                .get(values, at, count));
        return values;
    }

    int[] ints(long from, int length) {
        int[] values = new int[length];
        outPieces(from, length, Integer.BYTES, (at, count) -> staging.asIntBuffer()
                .get(values, at, count));
        return values;
    }

    byte[] bytes(long from, int length) {
        byte[] values = new byte[length];
        outPieces(from, length, 1, (at, count) -> staging.duplicate().get(values, at, count));
        return values;
    }

    private interface Piece {
        void move(int from, int count);
    }

    private void inPieces(long to, int length, int elementBytes, Piece fill) {
        int most = staging.capacity() / elementBytes;
        for (int from = 0; from < length; from += most) {
            int count = Math.min(most, length - from);
            fill.move(from, count);
            device.copyIn(to + (long) from * elementBytes, count * elementBytes);
        }
    }

    private void outPieces(long from, int length, int elementBytes, Piece take) {
        int most = staging.capacity() / elementBytes;
        for (int at = 0; at < length; at += most) {
            int count = Math.min(most, length - at);
            device.copyOut(from + (long) at * elementBytes, count * elementBytes);
            take.move(at, count);
        }
    }
}
