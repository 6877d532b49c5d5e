package io.espalier.compress;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Tensor;
import io.espalier.network.Architecture;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameter;
import java.util.ArrayList;
import java.util.List;

/**
 * The sum of a saliency over all weights that go with a unit: those to it and those from it. Where the saliency is the growth of
 * the loss when a weight goes, and the Hessian is diagonal, the sum is the growth when all of them go. Costs what the saliency costs.
 */
record SummedSaliency(Saliency saliency) implements UnitSaliency {
    @Override
    public String name() {
        return saliency.name();
    }

    @Override
    public List<double[]> scores(Saliency.Subject subject) {
        Backend backend = subject.backend();
        List<Tensor> weights = new ArrayList<>();
        try {
            for (Parameter weight : subject.network().prunable()) {
                weights.add(backend.zeros(ElementType.REAL, weight.value().shape()));
            }
            saliency.score(subject, weights);
            NetworkSpec spec = subject.network().spec();
            List<double[]> sums = new ArrayList<>();
            for (int layer = 0; layer < spec.layers() - 1; layer++) {
                double[] sum = new double[spec.outputs(layer)];
                addRows(backend.doubles(weights.get(layer), 0), spec.inputs(layer), sum);
                int reader = spec.architecture().reader(layer);
                if (reader != Architecture.NONE) {
                    addColumns(backend.doubles(weights.get(reader), 0), spec.inputs(reader), sum);
                }
                sums.add(sum);
            }
            return sums;
        } finally {
            weights.forEach(Tensor::close);
        }
    }

    private static void addRows(double[] matrix, int columns, double[] sums) {
        for (int i = 0; i < matrix.length; i++) {
            sums[i / columns] += matrix[i];
        }
    }

    /** Every unit has as many columns. */
    private static void addColumns(double[] matrix, int columns, double[] sums) {
        int each = columns / sums.length;
        for (int i = 0; i < matrix.length; i++) {
            sums[i % columns / each] += matrix[i];
        }
    }
}
