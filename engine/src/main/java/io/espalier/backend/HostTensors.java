package io.espalier.backend;

/** Integer tensors in host memory, shared by the backends that live there; one array a member. */
public final class HostTensors {
    private HostTensors() {}

    /** @param values one array a member, row-major */
    public record Ints(Shape shape, int[][] values) implements Tensor {
        public static Ints zeros(Shape shape) {
            return new Ints(shape, new int[shape.members()][shape.perMember()]);
        }

        /** A tensor of one member around the array itself. */
        public static Ints sharing(int[] values, Shape shape) {
            if (shape.members() != 1 || values.length != shape.perMember()) {
                throw new IllegalArgumentException(values.length + " values for a constant of shape " + shape);
            }
            return new Ints(shape, new int[][] {values});
        }

        /** The same arrays in another shape. */
        Ints as(Shape shape) {
            return new Ints(shape, values);
        }

        @Override
        public ElementType type() {
            return ElementType.I32;
        }

        @Override
        public void close() {}
    }

    /** @param values one array a member, row-major */
    public record Bytes(Shape shape, byte[][] values) implements Tensor {
        public static Bytes zeros(Shape shape) {
            return new Bytes(shape, new byte[shape.members()][shape.perMember()]);
        }

        /** A tensor of one member around the array itself. */
        public static Bytes sharing(byte[] values, Shape shape) {
            if (shape.members() != 1 || values.length != shape.perMember()) {
                throw new IllegalArgumentException(values.length + " values for a constant of shape " + shape);
            }
            return new Bytes(shape, new byte[][] {values});
        }

        /** The same arrays in another shape. */
        Bytes as(Shape shape) {
            return new Bytes(shape, values);
        }

        @Override
        public ElementType type() {
            return ElementType.U8;
        }

        @Override
        public void close() {}
    }

    /** One member's integers, not a copy. */
    public static int[] ints(Tensor tensor, int member) {
        return ((Ints) tensor).values[member];
    }

    /** One member's bytes, not a copy. */
    public static byte[] bytes(Tensor tensor, int member) {
        return ((Bytes) tensor).values[member];
    }
}
