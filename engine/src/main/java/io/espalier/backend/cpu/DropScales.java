package io.espalier.backend.cpu;

import io.espalier.backend.Dropout;
import io.espalier.backend.HostTensors;
import io.espalier.random.Philox;

/** The factor of every column of one unit: 0 where it is dropped, the survivors' scale elsewhere. */
final class DropScales {
    private final int[] block = new int[4];
    private float[] row = new float[0];
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
        stream = dropout.stream();
        return threshold > 0;
    }

    /** The survivors' scale of the member last turned to. */
    float scale() {
        return scale;
    }

    /** The factors of a unit's columns; valid until the next call. */
    float[] row(int unit, int columns) {
        if (row.length < columns) {
            row = new float[Lanes.padded(columns)];
        }
        for (int first = 0; first < columns; first += Dropout.DRAWS_PER_BLOCK) {
            Philox.block(key0, key1, unit, step, stream, first / Dropout.DRAWS_PER_BLOCK, block);
            int last = Math.min(first + Dropout.DRAWS_PER_BLOCK, columns);
            for (int b = first; b < last; b++) {
                row[b] = Dropout.draw(block, b - first) < threshold ? 0f : scale;
            }
        }
        return row;
    }
}
