package io.espalier.network;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.backend.WeightHash;
import java.util.Arrays;

/**
 * A virtual matrix whose elements share the numbers of a few buckets. Stored are the buckets; while a network lives, the entries
 * (4 bytes an element, made once) and one matrix for the virtual weights, later their gradient, are working memory beside them.
 */
final class HashedMatrix implements AutoCloseable {
    private final Backend backend;
    private final Parameter buckets;
    private final Tensor index;
    private final Tensor virtual;

    /** @param counts each member's buckets */
    HashedMatrix(Backend backend, WeightHash hash, int[] counts, int rows, int columns) {
        this.backend = backend;
        Shape pool = new Shape(counts.length, 1, Arrays.stream(counts).max().orElseThrow());
        Shape shape = new Shape(counts.length, rows, columns);
        this.buckets = Parameter.leading(
                backend.zeros(ElementType.REAL, pool),
                backend.zeros(ElementType.REAL, pool),
                counts,
                hash.part() == WeightHash.Part.WEIGHTS);
        this.index = backend.zeros(ElementType.I32, shape);
        this.virtual = backend.zeros(ElementType.REAL, shape);
        backend.hashIndices(hash, counts, index);
    }

    /** The virtual matrix as the buckets now have it. */
    Tensor expanded() {
        backend.expandBuckets(buckets.value(), index, virtual);
        return virtual;
    }

    /** z = virtual x, with the virtual matrix as the buckets now have it. */
    void product(Tensor x, Tensor z) {
        backend.hashedLinear(buckets.value(), index, x, virtual, z);
    }

    /** The virtual matrix as it was last expanded; its gradient goes into the same memory, before {@link #reduce}. */
    Tensor virtual() {
        return virtual;
    }

    /** Sets the gradient of the buckets from that of the virtual matrix. */
    void reduce() {
        backend.reduceToBuckets(virtual, index, buckets.gradient());
    }

    Parameter parameter() {
        return buckets;
    }

    @Override
    public void close() {
        buckets.close();
        index.close();
        virtual.close();
    }
}
