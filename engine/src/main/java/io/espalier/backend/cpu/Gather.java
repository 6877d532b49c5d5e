package io.espalier.backend.cpu;

import io.espalier.backend.HostTensors;
import io.espalier.backend.Tensor;
import io.espalier.random.Shuffle;

/** Batches out of a data set that stays as bytes. */
final class Gather {
    /** Features handled together: their output rows stay in the first-level cache while the examples go by. */
    private static final int FEATURES_PER_BLOCK = 32;

    private static final int BYTE_VALUES = 256;

    private final float[] scaled = new float[BYTE_VALUES];

    Gather() {
        for (int value = 0; value < BYTE_VALUES; value++) {
            scaled[value] = value / 255f;
        }
    }

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
        for (int r = 0; r < out.shape().members(); r++) {
            int[] chosen = HostTensors.ints(indices, r);
            float[] values = Reals.of(out, r);
            for (int first = 0; first < features; first += FEATURES_PER_BLOCK) {
                int last = Math.min(first + FEATURES_PER_BLOCK, features);
                for (int b = 0; b < batch; b++) {
                    int example = chosen[b] * features;
                    for (int f = first; f < last; f++) {
                        values[f * batch + b] = scaled[bytes[example + f] & 0xFF];
                    }
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
