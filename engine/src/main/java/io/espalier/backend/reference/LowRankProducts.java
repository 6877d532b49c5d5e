package io.espalier.backend.reference;

import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Maps through a few hidden units: the first rows of what all members have room for. */
final class LowRankProducts {
    private LowRankProducts() {}

    /** hidden = first x, out = second' hidden. */
    static void through(int[] ranks, Tensor first, Tensor second, Tensor x, Tensor hidden, Tensor out) {
        for (int r = 0; r < ranks.length; r++) {
            INDArray few = topRows(first, r, ranks[r]).mmul(Doubles.of(x, r));
            writeTopRows(hidden, r, few);
            Doubles.of(out, r).assign(topRows(second, r, ranks[r]).transpose().mmul(few));
        }
    }

    static void weightGradient(int[] ranks, Tensor dz, Tensor hidden, Tensor dlearned) {
        for (int r = 0; r < ranks.length; r++) {
            INDArray few = topRows(hidden, r, ranks[r]);
            Doubles.of(dlearned, r).assign(0);
            writeTopRows(dlearned, r, few.mmul(Doubles.of(dz, r).transpose()));
        }
    }

    private static INDArray topRows(Tensor tensor, int member, int rows) {
        INDArray all = Doubles.of(tensor, member);
        return Matrices.fill(new Shape(1, rows, tensor.shape().columns()), (i, j) -> all.getDouble(i, j));
    }

    private static void writeTopRows(Tensor tensor, int member, INDArray rows) {
        INDArray all = Doubles.of(tensor, member);
        for (int i = 0; i < rows.rows(); i++) {
            for (int j = 0; j < rows.columns(); j++) {
                all.putScalar(i, j, rows.getDouble(i, j));
            }
        }
    }
}
