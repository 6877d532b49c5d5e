package io.espalier.train;

import io.espalier.backend.Tensor;
import io.espalier.data.Preparation;
import io.espalier.network.Inputs;

/** Training, validation and test part of a resident data set under one split. Owns no memory. */
public final class DataParts {
    private final ResidentData data;
    private final int training;
    private final int used;
    private final Inputs.Scaling scaling;
    private final Preparation preparation;

    DataParts(ResidentData data, int training, int used, Inputs.Scaling scaling, Preparation preparation) {
        this.data = data;
        this.training = training;
        this.used = used;
        this.scaling = scaling;
        this.preparation = preparation;
    }

    /** How a network is to see the pixels. */
    Inputs.Scaling scaling() {
        return scaling;
    }

    Preparation preparation() {
        return preparation;
    }

    /** Examples of a part. */
    public int count(Part part) {
        return switch (part) {
            case TRAINING -> training;
            case VALIDATION -> used - training;
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
