package io.espalier.backend;

/** What a tensor's elements are. */
public enum ElementType {
    /** The backend's working precision: float32, or float64 on the reference. */
    REAL,
    /** 32-bit integers: indices, labels, counters, keys. */
    I32,
    /** Unsigned bytes: masks (1 alive, 0 pruned) and pixels. */
    U8
}
