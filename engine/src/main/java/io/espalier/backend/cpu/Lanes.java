package io.espalier.backend.cpu;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The vector width of this machine. */
final class Lanes {
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    static final int WIDTH = FLOATS.length();

    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

    /** As many bytes as a vector has floats, or 8 where vectors of floats are shorter than that. */
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, 8 * WIDTH)));

    /** Whether a vector of bytes with as many lanes as one of floats exists. */
    static final boolean BYTES_FIT = BYTES.length() == WIDTH;

    private Lanes() {}

    /** The smallest multiple of the width that holds n: scratch of this length needs no scalar tail. */
    static int padded(int n) {
        return (n + WIDTH - 1) / WIDTH * WIDTH;
    }

    /**
     * to[first + i] += from[at + i]. Written out because the compiler leaves such a loop as it is: for all it knows, the arrays
     * are one.
     */
    static void add(float[] from, int at, float[] to, int first, int count) {
        int i = 0;
        for (; i <= count - WIDTH; i += WIDTH) {
            FloatVector.fromArray(FLOATS, to, first + i)
                    .add(FloatVector.fromArray(FLOATS, from, at + i))
                    .intoArray(to, first + i);
        }
        for (; i < count; i++) {
            to[first + i] += from[at + i];
        }
    }

    /** Unsigned bytes as floats; only where {@link #BYTES_FIT}. */
    static FloatVector unsigned(byte[] bytes, int at) {
        IntVector wide = (IntVector) ByteVector.fromArray(BYTES, bytes, at).convertShape(VectorOperators.B2I, INTS, 0);
        return (FloatVector) wide.and(0xFF).convertShape(VectorOperators.I2F, FLOATS, 0);
    }

    /** The last byte of each float's bits. */
    static void lastBytes(FloatVector values, byte[] bytes, int at) {
        if (BYTES_FIT) {
            ((ByteVector) values.reinterpretAsInts().convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(bytes, at);
        } else {
            for (int i = 0; i < WIDTH; i++) {
                bytes[at + i] = (byte) Float.floatToRawIntBits(values.lane(i));
            }
        }
    }
}
