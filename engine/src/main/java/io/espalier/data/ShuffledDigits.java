package io.espalier.data;

import io.espalier.random.PhiloxSequence;

/**
 * All digits of MNIST, its training and its test part, in one random order. Every set made of digits takes the same digits in
 * the same order, so that two sets differ only in what was done to them.
 */
final class ShuffledDigits {
    private final Dataset mnist;
    private final int[] order;

    ShuffledDigits(Dataset mnist, PhiloxSequence random) {
        if (mnist.features() != ImageGenerator.SIDE * ImageGenerator.SIDE) {
            throw new DataException(mnist.train().origin() + ": its digits have " + mnist.features()
                    + " pixels, those of MNIST have 784. Get the files again.");
        }
        this.mnist = mnist;
        this.order = new int[mnist.train().count() + mnist.test().count()];
        for (int i = 0; i < order.length; i++) {
            int swap = random.nextInt(i + 1);
            order[i] = order[swap];
            order[swap] = i;
        }
    }

    /** Where the digits come from. */
    Dataset mnist() {
        return mnist;
    }

    int count() {
        return order.length;
    }

    /**
     * Copies a digit out.
     *
     * @param position where it stands in the order
     * @param image receives its 784 pixels
     * @return its label
     */
    int copy(int position, byte[] image) {
        int index = order[position];
        boolean training = index < mnist.train().count();
        Examples part = training ? mnist.train() : mnist.test();
        int row = training ? index : index - mnist.train().count();
        System.arraycopy(part.pixels(), row * image.length, image, 0, image.length);
        return part.labels()[row];
    }
}
