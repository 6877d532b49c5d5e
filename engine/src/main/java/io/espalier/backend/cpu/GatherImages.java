package io.espalier.backend.cpu;

import io.espalier.backend.Augmentation;
import io.espalier.backend.HostTensors;
import io.espalier.backend.Tensor;
import io.espalier.random.Philox;

/** Batches of images, row of pixels by row of pixels: what is written for one row of all examples stays in the cache meanwhile. */
final class GatherImages {
    /** Multiplied rather than divided by, at the price of one more rounding. */
    private static final float UNIT = 1 / 255f;

    private final int[] block = new int[4];
    private int[] down = new int[0];
    private int[] right = new int[0];
    private boolean[] mirrored = new boolean[0];

    void apply(
            Tensor data, Tensor indices, Tensor mean, Tensor scale, int width, Augmentation augmentation, Tensor out) {
        byte[] bytes = HostTensors.bytes(data, 0);
        int features = data.shape().columns();
        int batch = out.shape().columns();
        int height = features / mean.shape().rows() / width;
        for (int r = 0; r < out.shape().members(); r++) {
            draw(augmentation, r, batch);
            int[] chosen = HostTensors.ints(indices, r);
            float[] values = Reals.of(out, r);
            for (int row = 0; row < features / width; row++) {
                float middle = Reals.of(mean, r)[row / height];
                float factor = Reals.of(scale, r)[row / height];
                int to = row * width * batch;
                for (int b = 0; b < batch; b++) {
                    int y = row % height + down[b];
                    int from = chosen[b] * features + (row - row % height + y) * width;
                    for (int x = 0; x < width; x++) {
                        int column = (mirrored[b] ? width - 1 - x : x) + right[b];
                        boolean inside = y >= 0 && y < height && column >= 0 && column < width;
                        values[to + x * batch + b] =
                                inside ? ((bytes[from + column] & 0xFF) * UNIT - middle) * factor : 0f;
                    }
                }
            }
        }
    }

    private void draw(Augmentation augmentation, int member, int batch) {
        if (down.length < batch) {
            down = new int[batch];
            right = new int[batch];
            mirrored = new boolean[batch];
        }
        for (int b = 0; b < batch; b++) {
            down[b] = 0;
            right[b] = 0;
            mirrored[b] = false;
            if (augmentation.isActive()) {
                int[] key = HostTensors.ints(augmentation.keys(), member);
                int step = HostTensors.ints(augmentation.step(), member)[0];
                Philox.block(key[0], key[1], b, step, augmentation.stream(), 0, block);
                down[b] = Augmentation.offset(block[0], augmentation.shift());
                right[b] = Augmentation.offset(block[1], augmentation.shift());
                mirrored[b] = augmentation.mirrored() && Augmentation.mirrors(block[2]);
            }
        }
    }
}
