package io.espalier.train;

import io.espalier.backend.Tensor;

/** Training, validation and test part of a resident data set under one split. Owns no memory. */
public final class DataParts {
    private final ResidentData data;
    private final int training;

    DataParts(ResidentData data, int training) {
        this.data = data;
        this.training = training;
    }

    /** Examples of a part. */
    public int count(Part part) {
        return switch (part) {
            case TRAINING -> training;
            case VALIDATION -> data.trainLabels().shape().columns() - training;
            case TEST -> data.testLabels().shape().columns();
        };
    }

    /** Index of a part's first example in its file. */
    int first(Part part) {
        return part == Part.VALIDATION ? training : 0;
    }

    /** (1, N, F) U8. */
    Tensor pixels(Part part) {
        return part == Part.TEST ? data.testPixels() : data.trainPixels();
    }

    /** (1, 1, N) I32. */
    Tensor labels(Part part) {
        return part == Part.TEST ? data.testLabels() : data.trainLabels();
    }
}
