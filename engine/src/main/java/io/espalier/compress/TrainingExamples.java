package io.espalier.compress;

import io.espalier.backend.Tensor;

/**
 * The examples that a saliency may look at: the first of a training file, in file order. Never validation or test data.
 *
 * @param pixels (1, N, F) U8
 * @param labels (1, 1, N) I32
 * @param count how many of the N, at least 1
 */
public record TrainingExamples(Tensor pixels, Tensor labels, int count) {
    public TrainingExamples {
        if (count < 1 || count > labels.shape().columns()) {
            throw new IllegalArgumentException(
                    count + " training examples of " + labels.shape().columns());
        }
    }
}
