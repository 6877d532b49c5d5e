package io.espalier.backend.reference;

import io.espalier.backend.HostTensors;
import io.espalier.backend.Tensor;
import io.espalier.backend.WeightHash;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Virtual matrices whose elements take their numbers from buckets, element by element. */
final class SharedNumbers {
    private SharedNumbers() {}

    static void index(WeightHash hash, int[] buckets, Tensor index) {
        int columns = index.shape().columns();
        for (int r = 0; r < buckets.length; r++) {
            int[] entries = HostTensors.ints(index, r);
            for (int at = 0; at < entries.length; at++) {
                entries[at] = hash.entry(at / columns, at % columns, buckets[r]);
            }
        }
    }

    static void expand(Tensor buckets, Tensor index, Tensor virtual) {
        int columns = virtual.shape().columns();
        for (int r = 0; r < virtual.shape().members(); r++) {
            INDArray stored = Doubles.of(buckets, r);
            int[] entries = HostTensors.ints(index, r);
            Doubles.of(virtual, r).assign(Matrices.fill(virtual.shape(), (i, j) -> {
                int entry = entries[i * columns + j];
                return sign(entry) * stored.getDouble(0, entry >> 1);
            }));
        }
    }

    static void reduce(Tensor gradient, Tensor index, Tensor bucketGradient) {
        for (int r = 0; r < gradient.shape().members(); r++) {
            double[] elements = Doubles.values(gradient, r);
            int[] entries = HostTensors.ints(index, r);
            double[] sums = new double[bucketGradient.shape().perMember()];
            for (int at = 0; at < entries.length; at++) {
                sums[entries[at] >> 1] += sign(entries[at]) * elements[at];
            }
            Doubles.of(bucketGradient, r).assign(Doubles.matrix(sums, 1, sums.length));
        }
    }

    private static int sign(int entry) {
        return (entry & 1) == 0 ? 1 : -1;
    }
}
