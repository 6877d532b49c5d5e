package io.espalier.network;

import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;

/** How weights are drawn before training; biases start at zero. */
public enum Initialization {
    /** N(0, 2 / inputs) (He et al. 2015). */
    HE {
        @Override
        double draw(PhiloxSequence random, int outputs, int inputs) {
            return random.nextGaussian() * StrictMath.sqrt(2.0 / inputs);
        }
    },
    /** N(0, 2 / (inputs + outputs)) (Glorot and Bengio 2010). */
    GLOROT {
        @Override
        double draw(PhiloxSequence random, int outputs, int inputs) {
            return random.nextGaussian() * StrictMath.sqrt(2.0 / (inputs + outputs));
        }
    },
    /** N(0, 1 / inputs) (LeCun et al. 1998). */
    LECUN {
        @Override
        double draw(PhiloxSequence random, int outputs, int inputs) {
            return random.nextGaussian() / StrictMath.sqrt(inputs);
        }
    },
    /** U(-1/sqrt(inputs), 1/sqrt(inputs)). */
    UNIFORM_FAN_IN {
        @Override
        double draw(PhiloxSequence random, int outputs, int inputs) {
            return (2 * random.nextDouble() - 1) / StrictMath.sqrt(inputs);
        }
    };

    abstract double draw(PhiloxSequence random, int outputs, int inputs);

    /**
     * The stored weights of one layer, such that every weight of its matrix has this distribution: dense ones and buckets are drawn
     * from it; the learned factor of a product is scaled so that sums over the rank have its variance.
     *
     * @param stream see {@link io.espalier.random.Stream}
     */
    public float[] weights(Seed seed, int stream, int outputs, int inputs, StoreSpec store) {
        double scale =
                store instanceof StoreSpec.LowRank product ? StrictMath.sqrt((double) inputs / product.rank()) : 1;
        PhiloxSequence random = new PhiloxSequence(seed, stream);
        float[] weights = new float[store.weights(outputs, inputs)];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) (scale * draw(random, outputs, inputs));
        }
        return weights;
    }
}
