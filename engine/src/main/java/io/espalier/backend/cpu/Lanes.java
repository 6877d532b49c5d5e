package io.espalier.backend.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The vector width of this machine. */
final class Lanes {
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    static final int WIDTH = FLOATS.length();

    private Lanes() {}

    /** The smallest multiple of the width that holds n: scratch of this length needs no scalar tail. */
    static int padded(int n) {
        return (n + WIDTH - 1) / WIDTH * WIDTH;
    }
}
