package io.espalier.backend.cpu;

import io.espalier.backend.HostTensors;
import io.espalier.backend.Tensor;
import java.util.Arrays;

/**
 * Virtual matrices out of buckets, and their gradients back into them. Every bucket is held twice, as it is and negated, so that
 * an entry is the place to look, sign included.
 *
 * <p>Measured on Zen 5 (1000 x 784, 98,000 buckets): 0.30 ms out and 0.37 ms back, with entries made once; making them anew with
 * 16 integer lanes each time 0.69 and 0.62 ms; back over positions sorted by bucket 1.35 ms, for its reads are scattered over the
 * matrix, while here they are scattered over the buckets. One thread adds in row-major order, so the sum is always the same.
 */
final class SharedNumbers {
    private float[] signed = new float[0];

    void expand(Tensor buckets, Tensor index, Tensor virtual) {
        for (int r = 0; r < virtual.shape().members(); r++) {
            float[] stored = Reals.of(buckets, r);
            float[] pool = signed(stored.length);
            for (int k = 0; k < stored.length; k++) {
                pool[2 * k] = stored[k];
                pool[2 * k + 1] = -stored[k];
            }
            look(HostTensors.ints(index, r), pool, Reals.of(virtual, r));
        }
    }

    private static void look(int[] entries, float[] pool, float[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = pool[entries[i]];
        }
    }

    void reduce(Tensor gradient, Tensor index, Tensor bucketGradient) {
        for (int r = 0; r < gradient.shape().members(); r++) {
            float[] out = Reals.of(bucketGradient, r);
            float[] pool = signed(out.length);
            Arrays.fill(pool, 0, 2 * out.length, 0f);
            add(HostTensors.ints(index, r), Reals.of(gradient, r), pool);
            for (int k = 0; k < out.length; k++) {
                out[k] = pool[2 * k] - pool[2 * k + 1];
            }
        }
    }

    private static void add(int[] entries, float[] gradient, float[] pool) {
        for (int i = 0; i < gradient.length; i++) {
            pool[entries[i]] += gradient[i];
        }
    }

    private float[] signed(int buckets) {
        if (signed.length < 2 * buckets) {
            signed = new float[2 * buckets];
        }
        return signed;
    }
}
