package io.espalier.compress;

import io.espalier.network.ModelFile;
import io.espalier.network.Parameters;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.network.StoreSpec;

/**
 * Bytes that a network needs on disk, indices and masks included, in the cheapest of three encodings for the whole network. The
 * encodings are of dense layers: a hashed one is its buckets, one of low rank its learned factor and a seed, a quantised one what
 * its tensors take in a model file.
 *
 * @param dense every weight and bias as float32
 * @param bitmask a bit for every weight, float32 for those alive
 * @param csr float32 and a column number (16 bits, 32 for wider layers) for those alive, a 32-bit start for every row and one
 *     more
 */
public record StoredSize(long dense, long bitmask, long csr) {
    private static final int FLOAT = Float.BYTES;

    public static StoredSize of(Parameters parameters) {
        long dense = 0;
        long bitmask = 0;
        long csr = 0;
        for (LayerParameters layer : parameters.layers()) {
            long biases = (long) FLOAT * layer.bias().length;
            if (!(layer.store() instanceof StoreSpec.Dense)) {
                long bytes = layer.store() instanceof StoreSpec.Quantised
                        ? ModelFile.packedBytes(layer)
                        : (long) FLOAT * layer.weight().length + biases;
                bytes += layer.store() instanceof StoreSpec.LowRank ? Long.BYTES : 0;
                dense += bytes;
                bitmask += bytes;
                csr += bytes;
                continue;
            }
            long alive = layer.alive();
            int indexBytes = layer.inputs() <= 1 << 16 ? Short.BYTES : Integer.BYTES;
            dense += (long) FLOAT * layer.weight().length + biases;
            bitmask += FLOAT * alive + (layer.weight().length + 7) / 8 + biases;
            csr += (FLOAT + indexBytes) * alive + (long) Integer.BYTES * (layer.outputs() + 1) + biases;
        }
        // With the running averages a normalisation is one factor and one number to add.
        long norms = parameters.norms().stream()
                .mapToLong(norm -> 2L * FLOAT * norm.gain().length)
                .sum();
        return new StoredSize(dense + norms, bitmask + norms, csr + norms);
    }

    /** The cheapest encoding's bytes. */
    public long bytes() {
        return Math.min(dense, Math.min(bitmask, csr));
    }
}
