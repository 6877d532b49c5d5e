package io.espalier.backend.cpu;

import io.espalier.backend.Dropout;
import io.espalier.backend.HostTensors;
import io.espalier.random.Philox;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** The factor of every column of one unit: 0 where it is dropped, the survivors' scale elsewhere. */
final class DropScales {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int BLOCK_BYTES = 2 * Dropout.DRAWS_PER_BLOCK;

    /** Columns whose draws one call of {@link PhiloxLanes} makes. */
    private static final int COLUMNS_AT_ONCE = PhiloxLanes.WIDTH * Dropout.DRAWS_PER_BLOCK;

    private final PhiloxLanes lanes = new PhiloxLanes();
    private final byte[] draws = new byte[PhiloxLanes.WIDTH * BLOCK_BYTES];
    private final int[] block = new int[4];
    private float[] factors = new float[0];
    private int[] units;
    private int key0;
    private int key1;
    private int step;
    private int stream;
    private int threshold;
    private float scale;

    /** Turns to a member; false if it drops nothing. */
    boolean start(Dropout dropout, int member) {
        if (!dropout.isActive()) {
            return false;
        }
        threshold = Dropout.threshold(Reals.scalar(dropout.rate(), member));
        scale = (float) Dropout.scale(threshold);
        int[] key = HostTensors.ints(dropout.keys(), member);
        key0 = key[0];
        key1 = key[1];
        step = HostTensors.ints(dropout.step(), member)[0];
        units = dropout.units() == null ? null : HostTensors.ints(dropout.units(), member);
        stream = dropout.stream();
        return threshold > 0;
    }

    /** The survivors' scale of the member last turned to. */
    float scale() {
        return scale;
    }

    /** The factors of a row's columns; valid until the next call. */
    float[] row(int row, int columns) {
        if (factors.length < columns) {
            factors = new float[(columns + COLUMNS_AT_ONCE - 1) / COLUMNS_AT_ONCE * COLUMNS_AT_ONCE];
        }
        int unit = units == null ? row : units[row];
        if (PhiloxLanes.IS_FAST) {
            for (int first = 0; first < columns; first += COLUMNS_AT_ONCE) {
                vectors(unit, first);
            }
        } else {
            scalars(unit, columns);
        }
        return factors;
    }

    private void scalars(int unit, int columns) {
        for (int first = 0; first < columns; first += Dropout.DRAWS_PER_BLOCK) {
            Philox.block(key0, key1, unit, step, stream, first / Dropout.DRAWS_PER_BLOCK, block);
            int last = Math.min(first + Dropout.DRAWS_PER_BLOCK, columns);
            for (int b = first; b < last; b++) {
                factors[b] = Dropout.draw(block, b - first) < threshold ? 0f : scale;
            }
        }
    }

    /** The 128 bits of a block are its eight 16-bit draws, in order, when written little-endian. */
    private void vectors(int unit, int first) {
        lanes.blocks(key0, key1, unit, step, stream, first / Dropout.DRAWS_PER_BLOCK);
        for (int lane = 0; lane < PhiloxLanes.WIDTH; lane++) {
            LONGS.set(draws, lane * BLOCK_BYTES, lanes.low(lane));
            LONGS.set(draws, lane * BLOCK_BYTES + Long.BYTES, lanes.high(lane));
        }
        FloatVector survivor = FloatVector.broadcast(FloatVector.SPECIES_512, scale);
        for (int i = 0; i < COLUMNS_AT_ONCE; i += ShortVector.SPECIES_256.length()) {
            IntVector draw = (IntVector)
                    ShortVector.fromByteArray(ShortVector.SPECIES_256, draws, i * Short.BYTES, ByteOrder.LITTLE_ENDIAN)
                            .convertShape(VectorOperators.S2I, IntVector.SPECIES_512, 0);
            survivor.blend(
                            0f,
                            draw.and(0xFFFF)
                                    .compare(VectorOperators.LT, threshold)
                                    .cast(FloatVector.SPECIES_512))
                    .intoArray(factors, first + i);
        }
    }
}
