package io.espalier.network;

/**
 * LeNet-5 with the sizes of Caffe's example, which is what papers on pruning mean by the name: 20 and 50 maps of 5 x 5 windows, each
 * followed by a maximum over 2 x 2, then 500 units. 430,500 weights and 580 biases. The activation follows every hidden layer; Caffe's has
 * none after the convolutions.
 */
final class LeNet5 {
    private LeNet5() {}

    static Architecture architecture() {
        StepList steps = new StepList(25);
        int first = steps.add(new Step.Convolution(0, 5, 1, 0, true), 20);
        int pooled = steps.add(new Step.Pool(Step.Pool.Kind.MAX, first, 2, 2));
        int second = steps.add(new Step.Convolution(pooled, 5, 1, 0, true), 50);
        int pooledAgain = steps.add(new Step.Pool(Step.Pool.Kind.MAX, second, 2, 2));
        int hidden = steps.add(new Step.FullyConnected(pooledAgain), 500);
        steps.add(new Step.FullyConnected(hidden), 10);
        return steps.architecture("lenet-5", new Features(1, 28, 28));
    }

    /** Without the hidden units that have most of the parameters: what a small network is better made of. */
    static Architecture small() {
        StepList steps = new StepList(25);
        int first = steps.add(new Step.Convolution(0, 5, 1, 0, true), 32);
        int pooled = steps.add(new Step.Pool(Step.Pool.Kind.MAX, first, 2, 2));
        int second = steps.add(new Step.Convolution(pooled, 5, 1, 0, true), 64);
        steps.add(new Step.FullyConnected(steps.add(new Step.Pool(Step.Pool.Kind.MAX, second, 2, 2))), 10);
        return steps.architecture("small-cnn", new Features(1, 28, 28));
    }
}
