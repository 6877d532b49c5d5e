package io.espalier.backend;

/**
 * The shape of a tensor: one (rows, columns) matrix for each member of a cohort. Letters used in op contracts: R members, B
 * examples in the batch, I inputs, O outputs, F features, N examples of a data set.
 *
 * @param members R, at least 1
 * @param rows at least 1
 * @param columns at least 1
 */
public record Shape(int members, int rows, int columns) {
    public Shape {
        if (members < 1 || rows < 1 || columns < 1) {
            throw new IllegalArgumentException(
                    "A shape needs positive dimensions, got (" + members + ", " + rows + ", " + columns + ")");
        }
        if ((long) members * rows * columns > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("A tensor of shape (" + members + ", " + rows + ", " + columns
                    + ") has more elements than one array can hold");
        }
    }

    /** One number a member, (R, 1, 1). */
    public static Shape scalars(int members) {
        return new Shape(members, 1, 1);
    }

    /** Elements of one member. */
    public int perMember() {
        return rows * columns;
    }

    /** Elements of all members. */
    public int size() {
        return members * rows * columns;
    }

    @Override
    public String toString() {
        return "(" + members + ", " + rows + ", " + columns + ")";
    }
}
