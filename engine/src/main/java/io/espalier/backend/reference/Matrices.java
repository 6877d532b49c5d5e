package io.espalier.backend.reference;

import io.espalier.backend.Dropout;
import io.espalier.backend.HostTensors;
import io.espalier.backend.Shape;
import io.espalier.backend.SparsePattern;
import io.espalier.backend.Tensor;
import io.espalier.random.Philox;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Matrices written down element by element. */
final class Matrices {
    private Matrices() {}

    interface Element {
        double at(int row, int column);
    }

    static INDArray fill(Shape shape, Element element) {
        double[] values = new double[shape.perMember()];
        for (int i = 0; i < shape.rows(); i++) {
            for (int j = 0; j < shape.columns(); j++) {
                values[i * shape.columns() + j] = element.at(i, j);
            }
        }
        return Doubles.matrix(values, shape.rows(), shape.columns());
    }

    static INDArray dropFactors(Dropout dropout, Shape shape, int member) {
        if (!dropout.isActive()) {
            return fill(shape, (i, j) -> 1);
        }
        int[] key = HostTensors.ints(dropout.keys(), member);
        int step = HostTensors.ints(dropout.step(), member)[0];
        int threshold = Dropout.threshold(Doubles.scalar(dropout.rate(), member));
        int[] units = dropout.units() == null ? null : HostTensors.ints(dropout.units(), member);
        int[] block = new int[4];
        return fill(shape, (row, column) -> {
            int unit = units == null ? row : units[row];
            Philox.block(key[0], key[1], unit, step, dropout.stream(), column / Dropout.DRAWS_PER_BLOCK, block);
            int draw = Dropout.draw(block, column % Dropout.DRAWS_PER_BLOCK);
            return draw < threshold ? 0 : Dropout.scale(threshold);
        });
    }

    static INDArray oneHot(Shape shape, int[] labels) {
        return fill(shape, (o, b) -> labels[b] == o ? 1 : 0);
    }

    static INDArray dense(SparsePattern pattern, Tensor values, int member) {
        int weights = HostTensors.ints(pattern.rowStarts(), member)[pattern.outputs()];
        int[] positions = HostTensors.ints(pattern.positions(), member);
        double[] compact = Doubles.values(values, member);
        double[] full = new double[pattern.outputs() * pattern.inputs()];
        for (int k = 0; k < weights; k++) {
            full[positions[k]] = compact[k];
        }
        return Doubles.matrix(full, pattern.outputs(), pattern.inputs());
    }
}
