package io.espalier.train;

import java.util.Set;
import java.util.stream.Collectors;

/** The parts of a data set. Test data are read at readouts only, once everything is chosen. */
public enum Part {
    TRAINING,
    VALIDATION,
    TEST;

    static Set<Part> allBut(Part part, Set<Part> parts) {
        return parts.stream().filter(other -> other != part).collect(Collectors.toSet());
    }
}
