package io.espalier.experiments.export;

import io.espalier.backend.WeightHash;
import io.espalier.network.LowRankWeights;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.network.StoreSpec;

/** What a layer multiplies with, however it is stored: a weight for every connection, a bias for every output. */
public record VirtualWeights(float[] weights, float[] biases) {
    /** @param layer its number, from 0, which hashes and fixed factors depend on */
    public static VirtualWeights of(int layer, LayerParameters parameters) {
        int outputs = parameters.outputs();
        int inputs = parameters.inputs();
        float[] stored = parameters.weight();
        if (parameters.store() instanceof StoreSpec.Hashed hashed) {
            WeightHash hash = new WeightHash(hashed.mode(), hashed.seed(), layer, WeightHash.Part.WEIGHTS);
            float[] biases = hashed.biasBuckets() == 0
                    ? parameters.bias()
                    : expanded(hash.of(WeightHash.Part.BIASES), parameters.bias(), outputs, 1);
            return new VirtualWeights(expanded(hash, stored, outputs, inputs), biases);
        } else if (parameters.store() instanceof StoreSpec.LowRank product) {
            return new VirtualWeights(product(layer, product, stored, outputs, inputs), parameters.bias());
        } else if (parameters.store() instanceof StoreSpec.Codebook codebook) {
            float[] weights = new float[outputs * inputs];
            int next = 0;
            for (int i = 0; i < weights.length; i++) {
                if (codebook.assignment().alive()[i] == 1) {
                    weights[i] = stored[codebook.assignment().entries()[next++]];
                }
            }
            return new VirtualWeights(weights, parameters.bias());
        }
        return new VirtualWeights(stored, parameters.bias());
    }

    /** Chen et al. 2015, equation 7. */
    private static float[] expanded(WeightHash hash, float[] buckets, int rows, int columns) {
        float[] elements = new float[rows * columns];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                int entry = hash.entry(row, column, buckets.length);
                elements[row * columns + column] = (entry & 1) == 0 ? buckets[entry >> 1] : -buckets[entry >> 1];
            }
        }
        return elements;
    }

    private static float[] product(int layer, StoreSpec.LowRank store, float[] learned, int outputs, int inputs) {
        float[] fixed = LowRankWeights.fixedFactor(store, layer, inputs);
        float[] weights = new float[outputs * inputs];
        for (int row = 0; row < outputs; row++) {
            for (int column = 0; column < inputs; column++) {
                double sum = 0;
                for (int k = 0; k < store.rank(); k++) {
                    sum += (double) learned[k * outputs + row] * fixed[k * inputs + column];
                }
                weights[row * inputs + column] = (float) sum;
            }
        }
        return weights;
    }
}
