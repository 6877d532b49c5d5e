package io.espalier.backend.cpu;

import io.espalier.backend.HostTensors;
import io.espalier.backend.Tensor;
import io.espalier.random.Shuffle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Batches out of a data set that stays as bytes. */
final class Gather {
    /** Bytes in a long: tiles of 8 examples by 8 features are transposed in registers. */
    private static final int TILE = 8;

    /** Multiplied rather than divided by, at the price of one more rounding. */
    private static final float UNIT = 1 / 255f;

    private static final long FOURS = 0x00000000FFFFFFFFL;
    private static final long TWOS = 0x0000FFFF0000FFFFL;
    private static final long ONES = 0x00FF00FF00FF00FFL;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] rows = new byte[0];
    private byte[] transposed = new byte[0];

    void batchIndices(Tensor keys, Tensor step, int examples, int batchSize, Tensor indices) {
        int stepsPerEpoch = (examples + batchSize - 1) / batchSize;
        for (int r = 0; r < indices.shape().members(); r++) {
            int[] key = HostTensors.ints(keys, r);
            int now = HostTensors.ints(step, r)[0];
            Shuffle order = new Shuffle(key[0], key[1], now / stepsPerEpoch, examples);
            int first = now % stepsPerEpoch * batchSize;
            int[] out = HostTensors.ints(indices, r);
            for (int b = 0; b < out.length; b++) {
                out[b] = order.at(first + b);
            }
        }
    }

    void examples(Tensor data, Tensor indices, Tensor out) {
        byte[] bytes = HostTensors.bytes(data, 0);
        int features = out.shape().rows();
        int batch = out.shape().columns();
        int wholeFeatures = features / TILE * TILE;
        if (transposed.length < TILE * Lanes.padded(batch)) {
            transposed = new byte[TILE * Lanes.padded(batch)];
        }
        if (rows.length < batch * features) {
            rows = new byte[batch * features];
        }
        for (int r = 0; r < out.shape().members(); r++) {
            int[] chosen = HostTensors.ints(indices, r);
            float[] values = Reals.of(out, r);
            // Row by row first, so that memory is read in streams; the tiles below then find everything in the cache.
            for (int b = 0; b < batch; b++) {
                System.arraycopy(bytes, chosen[b] * features, rows, b * features, features);
            }
            for (int f = 0; f < wholeFeatures; f += TILE) {
                transpose(batch, features, f);
                for (int row = 0; row < TILE; row++) {
                    scale(row * Lanes.padded(batch), values, (f + row) * batch, batch);
                }
            }
            for (int b = 0; b < batch; b++) {
                for (int f = wholeFeatures; f < features; f++) {
                    values[f * batch + b] = (rows[b * features + f] & 0xFF) * UNIT;
                }
            }
        }
    }

    /** Bytes f .. f + 7 of the chosen examples, as eight rows with one byte an example. */
    private void transpose(int batch, int features, int f) {
        int stride = Lanes.padded(batch);
        int b = 0;
        for (; b <= batch - TILE; b += TILE) {
            long x0 = (long) LONGS.get(rows, b * features + f);
            long x1 = (long) LONGS.get(rows, (b + 1) * features + f);
            long x2 = (long) LONGS.get(rows, (b + 2) * features + f);
            long x3 = (long) LONGS.get(rows, (b + 3) * features + f);
            long x4 = (long) LONGS.get(rows, (b + 4) * features + f);
            long x5 = (long) LONGS.get(rows, (b + 5) * features + f);
            long x6 = (long) LONGS.get(rows, (b + 6) * features + f);
            long x7 = (long) LONGS.get(rows, (b + 7) * features + f);
            // Swap 4 x 4 blocks, then 2 x 2, then single bytes.
            long t = (x0 >>> 32 ^ x4) & FOURS;
            x0 ^= t << 32;
            x4 ^= t;
            t = (x1 >>> 32 ^ x5) & FOURS;
            x1 ^= t << 32;
            x5 ^= t;
            t = (x2 >>> 32 ^ x6) & FOURS;
            x2 ^= t << 32;
            x6 ^= t;
            t = (x3 >>> 32 ^ x7) & FOURS;
            x3 ^= t << 32;
            x7 ^= t;
            t = (x0 >>> 16 ^ x2) & TWOS;
            x0 ^= t << 16;
            x2 ^= t;
            t = (x1 >>> 16 ^ x3) & TWOS;
            x1 ^= t << 16;
            x3 ^= t;
            t = (x4 >>> 16 ^ x6) & TWOS;
            x4 ^= t << 16;
            x6 ^= t;
            t = (x5 >>> 16 ^ x7) & TWOS;
            x5 ^= t << 16;
            x7 ^= t;
            t = (x0 >>> 8 ^ x1) & ONES;
            x0 ^= t << 8;
            x1 ^= t;
            t = (x2 >>> 8 ^ x3) & ONES;
            x2 ^= t << 8;
            x3 ^= t;
            t = (x4 >>> 8 ^ x5) & ONES;
            x4 ^= t << 8;
            x5 ^= t;
            t = (x6 >>> 8 ^ x7) & ONES;
            x6 ^= t << 8;
            x7 ^= t;
            LONGS.set(transposed, b, x0);
            LONGS.set(transposed, stride + b, x1);
            LONGS.set(transposed, 2 * stride + b, x2);
            LONGS.set(transposed, 3 * stride + b, x3);
            LONGS.set(transposed, 4 * stride + b, x4);
            LONGS.set(transposed, 5 * stride + b, x5);
            LONGS.set(transposed, 6 * stride + b, x6);
            LONGS.set(transposed, 7 * stride + b, x7);
        }
        for (; b < batch; b++) {
            for (int row = 0; row < TILE; row++) {
                transposed[row * stride + b] = rows[b * features + f + row];
            }
        }
    }

    private void scale(int from, float[] values, int at, int count) {
        int i = 0;
        if (Lanes.BYTES_FIT) {
            for (; i <= count - Lanes.WIDTH; i += Lanes.WIDTH) {
                Lanes.unsigned(transposed, from + i).mul(UNIT).intoArray(values, at + i);
            }
        }
        for (; i < count; i++) {
            values[at + i] = (transposed[from + i] & 0xFF) * UNIT;
        }
    }

    void columns(Tensor table, Tensor indices, Tensor out) {
        int columns = table.shape().columns();
        for (int r = 0; r < out.shape().members(); r++) {
            float[] from = Reals.of(table, r);
            float[] to = Reals.of(out, r);
            int[] chosen = HostTensors.ints(indices, r);
            for (int f = 0; f < out.shape().rows(); f++) {
                for (int b = 0; b < chosen.length; b++) {
                    to[f * chosen.length + b] = from[f * columns + chosen[b]];
                }
            }
        }
    }

    void labels(Tensor labels, Tensor indices, Tensor out) {
        int[] all = HostTensors.ints(labels, 0);
        for (int r = 0; r < out.shape().members(); r++) {
            int[] chosen = HostTensors.ints(indices, r);
            int[] values = HostTensors.ints(out, r);
            for (int b = 0; b < values.length; b++) {
                values[b] = all[chosen[b]];
            }
        }
    }
}
