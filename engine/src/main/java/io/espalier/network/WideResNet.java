package io.espalier.network;

/**
 * Wide residual networks for images of 32 x 32 pixels in three colours (Zagoruyko and Komodakis 2016): a convolution of 16 channels, three
 * groups of (depth - 4) / 6 blocks of 16, 32 and 64 times the width channels, each block two convolutions of 3 x 3 after a normalisation
 * and the activation; the mean of every channel, and 10 units. Convolutions have no biases. Where a block changes the shape, the way around
 * it is a convolution of 1 x 1 of what the first normalisation gives.
 */
final class WideResNet {
    private static final int GROUPS = 3;
    private static final int FIRST_CHANNELS = 16;

    private WideResNet() {}

    /** @throws IllegalArgumentException if the depth is not 6 n + 4 with n at least 1, or the width below 1 */
    static Architecture architecture(int depth, int width) {
        if (depth < 10 || depth % 6 != 4 || width < 1) {
            throw new IllegalArgumentException(
                    "A wide residual network has depth 10, 16, 22 and so on and at least width 1, got depth " + depth
                            + " and width " + width);
        }
        StepList steps = new StepList(3 * 9);
        int channels = FIRST_CHANNELS;
        int value = steps.add(new Step.Convolution(0, 3, 1, 1, false), channels);
        for (int group = 0; group < GROUPS; group++) {
            int wider = FIRST_CHANNELS * width << group;
            for (int block = 0; block < (depth - 4) / 6; block++) {
                int stride = group > 0 && block == 0 ? 2 : 1;
                value = block(steps, value, channels, wider, stride);
                channels = wider;
            }
        }
        int last = steps.add(new Step.Normalisation(value));
        int means = steps.add(new Step.GlobalAverage(last));
        steps.add(new Step.FullyConnected(means), 10);
        return steps.architecture("wrn-" + depth + "-" + width, new Features(3, 32, 32));
    }

    private static int block(StepList steps, int value, int channels, int wider, int stride) {
        int normalised = steps.add(new Step.Normalisation(value));
        int inner = steps.add(new Step.Convolution(normalised, 3, stride, 1, false), wider);
        int innerNormalised = steps.add(new Step.Normalisation(inner));
        int through = steps.add(new Step.Convolution(innerNormalised, 3, 1, 1, false), wider);
        int around = channels == wider && stride == 1
                ? value
                : steps.add(new Step.Convolution(normalised, 1, stride, 0, false), wider);
        return steps.add(new Step.Sum(through, around));
    }
}
