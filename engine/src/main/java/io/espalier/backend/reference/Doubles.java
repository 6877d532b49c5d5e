package io.espalier.backend.reference;

import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A float64 tensor.
 *
 * @param members one (rows, columns) matrix a member
 * @param owner whether the memory is this tensor's, and not that of the one it is a view of
 */
record Doubles(Shape shape, INDArray[] members, boolean owner) implements Tensor {
    static Doubles zeros(Shape shape) {
        INDArray[] members = new INDArray[shape.members()];
        for (int r = 0; r < members.length; r++) {
            members[r] = matrix(new double[shape.perMember()], shape.rows(), shape.columns());
        }
        return new Doubles(shape, members, true);
    }

    /** The same matrices in another shape. */
    static Doubles view(Tensor tensor, Shape shape) {
        INDArray[] members = new INDArray[shape.members()];
        for (int r = 0; r < members.length; r++) {
            members[r] = of(tensor, r).reshape('c', shape.rows(), shape.columns());
        }
        return new Doubles(shape, members, false);
    }

    /** Row-major values as a matrix. */
    static INDArray matrix(double[] values, int rows, int columns) {
        return Nd4j.createFromArray(values).reshape('c', rows, columns);
    }

    /** One member's matrix, not a copy. */
    static INDArray of(Tensor tensor, int member) {
        return ((Doubles) tensor).members[member];
    }

    /** A per-member scalar. */
    static double scalar(Tensor tensor, int member) {
        return of(tensor, member).getDouble(0, 0);
    }

    /** One member's values, row-major, a copy. */
    static double[] values(Tensor tensor, int member) {
        return of(tensor, member).dup('c').data().asDouble();
    }

    @Override
    public ElementType type() {
        return ElementType.REAL;
    }

    @Override
    public void close() {
        if (owner) {
            for (INDArray member : members) {
                member.close();
            }
        }
    }
}
