package io.espalier.network;

/**
 * Dense networks with bottlenecks and compression for images of 32 x 32 pixels in three colours (Huang et al. 2017, DenseNet-BC): three
 * blocks of (depth - 4) / 6 layers, each a convolution of 1 x 1 to four times the growth and one of 3 x 3 to the growth, which is put beside
 * what came in; between the blocks a convolution of 1 x 1 to half the channels and a mean over 2 x 2; the mean of every channel, and 10
 * units. A normalisation and the activation come before every convolution but the first; convolutions have no biases.
 */
final class DenseNet {
    private static final int BLOCKS = 3;

    private DenseNet() {}

    /** @throws IllegalArgumentException if the depth is not 6 n + 4 with n at least 1, or the growth below 1 */
    static Architecture architecture(int depth, int growth) {
        if (depth < 10 || depth % 6 != 4 || growth < 1) {
            throw new IllegalArgumentException(
                    "A dense network has depth 10, 16, 22 and so on and at least growth 1, got depth " + depth
                            + " and growth " + growth);
        }
        StepList steps = new StepList(3 * 9);
        int channels = 2 * growth;
        int value = steps.add(new Step.Convolution(0, 3, 1, 1, false), channels);
        for (int block = 0; block < BLOCKS; block++) {
            for (int layer = 0; layer < (depth - 4) / 6; layer++) {
                int narrow = normalisedAndConvolved(steps, value, 1, 4 * growth);
                int grown = normalisedAndConvolved(steps, narrow, 3, growth);
                value = steps.add(new Step.Concatenation(value, grown));
                channels += growth;
            }
            if (block < BLOCKS - 1) {
                channels /= 2;
                int halved = normalisedAndConvolved(steps, value, 1, channels);
                value = steps.add(new Step.Pool(Step.Pool.Kind.AVERAGE, halved, 2, 2));
            }
        }
        int last = steps.add(new Step.Normalisation(value));
        int means = steps.add(new Step.GlobalAverage(last));
        steps.add(new Step.FullyConnected(means), 10);
        return steps.architecture("densenet-bc-" + depth + "-" + growth, new Features(3, 32, 32));
    }

    private static int normalisedAndConvolved(StepList steps, int value, int kernel, int outputs) {
        int normalised = steps.add(new Step.Normalisation(value));
        return steps.add(new Step.Convolution(normalised, kernel, 1, kernel / 2, false), outputs);
    }
}
