package io.espalier.train;

import io.espalier.backend.Backend;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.data.DataSpec;
import io.espalier.data.Dataset;
import io.espalier.data.Examples;
import io.espalier.data.Preparation;
import io.espalier.network.Inputs;

/** A data set in a backend's memory, where all cohorts of a device read it, each under its own split. */
public final class ResidentData implements AutoCloseable {
    private final Dataset dataset;
    private final Tensor trainPixels;
    private final Tensor trainLabels;
    private final Tensor testPixels;
    private final Tensor testLabels;

    /** Puts the data set there; its arrays may be shared and must not change. */
    public ResidentData(Backend backend, Dataset dataset) {
        this.dataset = dataset;
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

    /** The parts as a study splits them. */
    public DataParts parts(DataSpec spec) {
        int training = spec.trainingExamples(dataset);
        return new DataParts(this, training, spec.usedExamples(dataset), scaling(spec, training), spec.preparation());
    }

    private Inputs.Scaling scaling(DataSpec spec, int training) {
        Preparation preparation = spec.preparation();
        if (!preparation.normalised() && !preparation.augments()) {
            return Inputs.Scaling.NONE;
        }
        Examples train = dataset.train();
        double[] means = new double[train.channels()];
        double[] deviations = new double[train.channels()];
        java.util.Arrays.fill(deviations, 1);
        return preparation.normalised()
                ? new Inputs.Scaling(train.channelMeans(training), train.channelDeviations(training), train.width())
                : new Inputs.Scaling(means, deviations, train.width());
    }

    Tensor trainPixels() {
        return trainPixels;
    }

    Tensor trainLabels() {
        return trainLabels;
    }

    Tensor testPixels() {
        return testPixels;
    }

    Tensor testLabels() {
        return testLabels;
    }

    @Override
    public void close() {
        trainPixels.close();
        trainLabels.close();
        testPixels.close();
        testLabels.close();
    }
}
