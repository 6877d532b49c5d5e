package io.espalier.train;

import io.espalier.backend.Backend;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.data.DataSpec;
import io.espalier.data.Dataset;
import io.espalier.data.Examples;

/** A data set in a backend's memory, where all cohorts of a device read it. */
public final class ResidentData implements AutoCloseable {
    private final DataSpec spec;
    private final Tensor trainPixels;
    private final Tensor trainLabels;
    private final Tensor testPixels;
    private final Tensor testLabels;
    private final int training;

    /** Puts the data set there; its arrays may be shared and must not change. */
    public ResidentData(Backend backend, DataSpec spec, Dataset dataset) {
        this.spec = spec;
        this.training = spec.trainingExamples(dataset);
        this.trainPixels = pixels(backend, dataset.train());
        this.trainLabels = labels(backend, dataset.train());
        this.testPixels = pixels(backend, dataset.test());
        this.testLabels = labels(backend, dataset.test());
    }

    private static Tensor pixels(Backend backend, Examples examples) {
        return backend.constant(examples.pixels(), new Shape(1, examples.count(), examples.features()));
    }

    private static Tensor labels(Backend backend, Examples examples) {
        return backend.constant(examples.labels(), new Shape(1, 1, examples.count()));
    }

    public DataSpec spec() {
        return spec;
    }

    /** Examples of a part. */
    public int count(Part part) {
        return switch (part) {
            case TRAINING -> training;
            case VALIDATION -> trainLabels.shape().columns() - training;
            case TEST -> testLabels.shape().columns();
        };
    }

    /** Index of a part's first example in its file. */
    int first(Part part) {
        return part == Part.VALIDATION ? training : 0;
    }

    /** (1, N, F) U8. */
    Tensor pixels(Part part) {
        return part == Part.TEST ? testPixels : trainPixels;
    }

    /** (1, 1, N) I32. */
    Tensor labels(Part part) {
        return part == Part.TEST ? testLabels : trainLabels;
    }

    @Override
    public void close() {
        trainPixels.close();
        trainLabels.close();
        testPixels.close();
        testLabels.close();
    }
}
